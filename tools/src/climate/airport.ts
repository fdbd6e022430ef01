import type { Normals } from "@weather/forecast-model/fit";

/** An airport with monthly normals of all twelve months. */
export interface Airport {
  /** ICAO id, or the empty string where the normals do not tell it. */
  icao: string;
  /** NCEI station id, such as USW00014821. */
  ncei: string;
  /** Postal code of the state. */
  state: string;
  name: string;
  latitude: number;
  longitude: number;
  elevation_m: number;
  normals: Normals;
  /** Where each part of the normals comes from. */
  sources: { temperature: string; precipitation: string; wetDays?: string };
}

export const celsius = (fahrenheit: number) => ((fahrenheit - 32) * 5) / 9;
export const millimetres = (inches: number) => inches * 25.4;

/**
 * The airports asked for, in that order: each by its ICAO id, KCMH, or with the NCEI id that it has in the normals,
 * KIAD=USW00093738. Default: all airports of the state that have an ICAO id.
 * @throws Error when one of them has no normals.
 */
export function chosenAirports(
  airports: readonly Airport[],
  state: string,
  wanted?: readonly string[],
): Airport[] {
  if (!wanted) {
    const ofState = airports.filter((airport) => airport.state === state && airport.icao !== "");
    if (ofState.length > 0) return ofState;
    throw new Error(`the normals name no airport of ${state}: choose with --stations KIAD=USW00093738 ...`);
  }
  return wanted.map((id) => {
    const [icao = "", ncei] = id.split("=");
    const found = airports.find((airport) => (ncei ? airport.ncei === ncei : airport.icao === icao));
    if (!found)
      throw new Error(`the normals have no station ${id} with all months of high, low and precipitation`);
    return { ...found, icao };
  });
}
