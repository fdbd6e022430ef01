import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import * as z from "zod";
import { celsius, millimetres, type Airport } from "./airport.ts";

/**
 * The airports of a set of monthly normals: a JSON file with several periods for each station, or a folder of the CSV
 * files that NCEI publishes for 1991-2020, one for each station
 * (www.ncei.noaa.gov/data/normals-monthly/1991-2020/access). Stations with a month missing are left out.
 * @throws Error that names the file and the field that is wrong.
 */
export function readNormals(path: string): Airport[] {
  if (!statSync(path, { throwIfNoEntry: false }))
    throw new Error(`cannot read the normals ${path}: no such file or folder`);
  if (!statSync(path).isDirectory()) return fromJson(path);
  return readdirSync(path)
    .filter((file) => file.endsWith(".csv"))
    .sort()
    .flatMap((file) => fromNcei(join(path, file)));
}

const months = z.array(z.number().nullable()).length(12);
const period = z.object({
  tmax_f: months,
  tmin_f: months,
  prcp_in: months,
  days_prcp_ge_0p01in: months.optional(),
});
const jsonSchema = z.object({
  stations: z.array(
    z.object({
      id: z.string(),
      icao: z.string().nullable(),
      state: z.string(),
      name: z.string(),
      lat: z.number(),
      lon: z.number(),
      elevation_m: z.number(),
      normals: z.record(z.string().regex(/^\d{4}-\d{4}$/), period),
    }),
  ),
});

/** Reads a JSON file. For each figure, it takes the newest period with all twelve months. */
function fromJson(file: string): Airport[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`cannot read the normals ${file}: expected a JSON file or a folder`, { cause: error });
  }
  const result = jsonSchema.safeParse(json);
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data.stations.flatMap(({ id, icao, state, name, lat, lon, elevation_m, normals }) => {
    const newest = (field: keyof z.output<typeof period>) => {
      const found = Object.entries(normals)
        .sort(([a], [b]) => b.localeCompare(a))
        .find(([, block]) => block[field]?.every((value) => value !== null));
      return found && { years: found[0], source: source(found[0], id), values: found[1][field] as number[] };
    };
    const [high, low] = [newest("tmax_f"), newest("tmin_f")];
    const [precipitation, wetDays] = [newest("prcp_in"), newest("days_prcp_ge_0p01in")];
    if (!icao || !high || !low || !precipitation || high.source !== low.source) return [];
    return {
      icao,
      ncei: id,
      // An airport may serve the state across the border: "Cincinnati/Northern Kentucky (serves OH)".
      states: [state, ...(/\(serves ([A-Z]{2})\)/.exec(name)?.slice(1) ?? [])],
      name: name.replace(/ \(.*\)$/, ""),
      latitude: lat,
      longitude: lon,
      elevation_m,
      normals: {
        meansOf: middleOf(high.years),
        high: high.values.map(celsius),
        low: low.values.map(celsius),
        precipitation: precipitation.values.map(millimetres),
        ...(wetDays && { wetDays: wetDays.values }),
      },
      sources: {
        temperature: high.source,
        precipitation: precipitation.source,
        ...(wetDays && { wetDays: wetDays.source }),
      },
    };
  });
}

/** The middle of a period: 2006 for 1991-2020. */
const middleOf = (years: string) => {
  const [from = NaN, to = NaN] = years.split("-").map(Number);
  return (from + to + 1) / 2;
};

const source = (years: string, id: string) =>
  `NCEI monthly normals ${years}, ${id}${years < "1991" ? " (no 1991-2020 figures at hand)" : ""}`;

const columns = ["STATION", "LATITUDE", "LONGITUDE", "ELEVATION", "NAME", "month"] as const;
const figures = ["MLY-TMAX-NORMAL", "MLY-TMIN-NORMAL", "MLY-PRCP-NORMAL"] as const;
const wetDaysColumn = "MLY-PRCP-AVGNDS-GE001HI";

function fromNcei(file: string): Airport[] {
  const rows = parse<Record<string, string>>(readFileSync(file, "utf8"), {
    columns: true,
    trim: true,
    skip_empty_lines: true,
  });
  const [first] = rows;
  const missing = columns.filter((column) => first?.[column] === undefined);
  if (!first || missing.length > 0) throw new Error(`${file}: it has no column ${missing.join(", ")}`);
  const year = (column: string) => {
    const values = Array.from(
      { length: 12 },
      (_, i) => rows.find(({ month }) => Number(month) === i + 1)?.[column],
    );
    // NCEI writes -7777 for a value that rounds to 0, and -9999 and the like for a missing value.
    const numbers = values.map((value) => (value === undefined || value === "" ? NaN : Number(value)));
    const known = numbers.map((value) => (value === -7777 ? 0 : value < -6000 ? NaN : value));
    return known.some(Number.isNaN) ? undefined : known;
  };
  const [high, low, precipitation] = figures.map(year);
  const wetDays = year(wetDaysColumn);
  if (!high || !low || !precipitation) return [];
  const ncei = first["STATION"] ?? "";
  const [name = "", country = ""] = (first["NAME"] ?? "").split(", ");
  const origin = source("1991-2020", ncei);
  return [
    {
      icao: "",
      ncei,
      states: [country.slice(0, 2)],
      name: name.toLowerCase().replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
      latitude: Number(first["LATITUDE"]),
      longitude: Number(first["LONGITUDE"]),
      elevation_m: Number(first["ELEVATION"]),
      normals: {
        meansOf: middleOf("1991-2020"),
        high: high.map(celsius),
        low: low.map(celsius),
        precipitation: precipitation.map(millimetres),
        ...(wetDays && { wetDays }),
      },
      sources: { temperature: origin, precipitation: origin, ...(wetDays && { wetDays: origin }) },
    },
  ];
}
