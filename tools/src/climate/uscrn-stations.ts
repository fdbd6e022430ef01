import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { usState, type Place } from "../us-states.ts";

type Row = Record<"station" | "latitude" | "longitude", string>;

/**
 * Places of the stations in the daily files of the US Climate Reference Network (USCRN) between the Rocky Mountains and the
 * Atlantic, to 0.01 degrees: from NCEI's station list (www.ncei.noaa.gov/pub/data/uscrn/products/stations.tsv).
 */
const list = parse<Row>(readFileSync(new URL("uscrn-stations.csv", import.meta.url)), { columns: true });
const places = new Map(
  list.map(({ station, latitude, longitude }): [string, Place] => [
    station.replaceAll(" ", "_"),
    { latitude: Number(latitude), longitude: Number(longitude) },
  ]),
);

/** The place of a station such as OH_Wooster_3_SSE. If the list does not have it, the place of its state's capital. */
export function placeOf(station: string, state: string): { place: Place; placeGuessed: boolean } {
  const place = places.get(station);
  if (place) return { place, placeGuessed: false };
  const { latitude, longitude } = usState(state);
  return { place: { latitude, longitude }, placeGuessed: true };
}
