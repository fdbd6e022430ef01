import rows from "./us-states.json" with { type: "json" };

/** A place, in degrees north and east. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** A state or territory of the United States, with or without a farm, at the place of its capital, to 0.1 degrees. */
export interface UsState extends Place {
  /** Key, as in routing keys: lower case, words joined by hyphens. */
  key: string;
  /** Name as people write it. */
  name: string;
  /** Postal code, as NOAA's files use it. */
  code: string;
  /** IANA time zone of the capital. */
  timeZone: string;
}

type Row = [code: string, name: string, timeZone: string, latitude: number, longitude: number];

export const usStates: readonly UsState[] = (rows as Row[]).map(
  ([code, name, timeZone, latitude, longitude]) => ({
    key: keyOf(name),
    name,
    code,
    timeZone,
    latitude,
    longitude,
  }),
);

const byWord = new Map(
  usStates.flatMap((state) => [
    [state.key, state],
    [state.code.toLowerCase(), state],
  ]),
);

/** Finds a state by its key, name or postal code: `north-carolina`, `North Carolina`, `nc`. Nothing if there is none. */
export function usStateFrom(text: string): UsState | undefined {
  return byWord.get(keyOf(text));
}

/** The key for a name, as in routing keys. */
export function keyOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "-");
}
