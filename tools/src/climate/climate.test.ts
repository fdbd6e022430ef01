import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stateNames } from "@weather/contracts";
import { forecaster } from "@weather/forecast-model";
import { exampleStation } from "@weather/forecast-model/example";
import { simulate } from "./simulation.ts";
import { afterAll, describe, expect, it } from "vitest";
import { readCorrelations, shippedCorrelations } from "./correlations-file.ts";
import { readDailyFiles } from "./daily-files.ts";
import { fitClimate } from "./fit-climate.ts";
import { readNormals } from "./normals.ts";
import { shippedClimates } from "./verify-airports.ts";

const folder = mkdtempSync(join(tmpdir(), "climate-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command of this folder as npm does. */
const run = (file: string, ...options: string[]) =>
  promisify(execFile)(process.execPath, ["--import", "tsx", join(import.meta.dirname, file), ...options]);

const write = (name: string, lines: string[]) => {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
};

const high = [3, 5, 11, 18, 23, 28, 30, 29, 25, 18, 11, 5];
const fahrenheit = (celsius: number) => (celsius * 9) / 5 + 32;
const normals = {
  stations: [
    {
      id: "USW00000001",
      icao: "KEXA",
      state: "OH",
      name: "Example Field (serves KY)",
      lat: 40,
      lon: -88,
      elevation_m: 250,
      normals: {
        "1991-2020": {
          tmax_f: high.map(fahrenheit),
          tmin_f: high.map((value) => fahrenheit(value - 10)),
          prcp_in: [...high.map(() => 3).slice(1), null],
        },
        "1981-2010": {
          tmax_f: high.map(() => 50),
          tmin_f: high.map(() => 40),
          prcp_in: high.map(() => 3),
        },
      },
    },
  ],
};
const normalsFile = write("normals.json", [JSON.stringify(normals)]);

const years = 8;
const blank = () => new Float64Array(years * 365);
const [made] = simulate(
  exampleStation,
  readCorrelations(shippedCorrelations),
  { name: "", start: 12_000, high: blank(), low: blank(), precipitation: blank() },
  1,
);
const date = (i: number) => new Date((12_000 + i) * 86_400_000).toISOString().slice(0, 10);
write("daily/uscrn_OH_Example_1_N.csv", [
  "date,tmax_c,tmin_c,prcp_mm,solar_mj_m2",
  ...Array.from(made?.high ?? [], (value, i) =>
    // A gap in July 2005.
    i > 2000 && i < 2010
      ? `${date(i)},,,,`
      : `${date(i)},${value.toFixed(1)},${made?.low[i]?.toFixed(1)},${made?.precipitation[i]?.toFixed(1)},`,
  ),
]);

describe("climate:fit", () => {
  it("writes a climate that forecasts, and says where its figures come from", async () => {
    const out = join(folder, "climate.json");
    const options = [
      "--daily",
      join(folder, "daily"),
      "--normals",
      normalsFile,
      "--state",
      "ohio",
      "--out",
      out,
    ];
    expect((await run("fit.ts", ...options)).stdout).toContain("KEXA");
    const text = readFileSync(out, "utf8");
    const climate = JSON.parse(text) as { stations: [{ sources: unknown; timeZone: string }] };
    expect(climate.stations[0].sources).toEqual({
      temperature: "NCEI monthly normals 1991-2020, USW00000001",
      precipitation: "NCEI monthly normals 1981-2010, USW00000001 (no 1991-2020 figures at hand)",
      wetDays: "as daily (no normals at hand)",
      daily: ["USCRN OH Example 1 N, 2002-11-09 to 2010-11-06"],
    });
    // The time zone of the place, not of the state's capital.
    expect(climate.stations[0].timeZone).toBe("America/Chicago");
    const { forecast } = forecaster(climate);
    const [day] = forecast({ station: "KEXA", start: "2026-07-15", days: 1, members: 2000, seed: 1 });
    expect(Math.abs((day?.high.p50 ?? NaN) - 30)).toBeLessThan(1.5);
    expect(text.split("\n").length).toBeLessThan(120);
  });

  it("gives a state without airports the nearest ones, and says so", () => {
    const series = readFileSync(join(folder, "daily/uscrn_OH_Example_1_N.csv"), "utf8");
    for (const code of ["KY", "IN"]) write(`daily/uscrn_${code}_Example_1_N.csv`, [series]);
    const fitted = (state: string, ...stations: string[]) =>
      fitClimate({
        ...{ daily: [join(folder, "daily")], normals: normalsFile, state },
        ...(stations.length > 0 && { stations }),
      }).stations.map(({ id, borrowed }) => [id, borrowed]);
    expect(fitted("ohio")).toEqual([["KEXA", undefined]]);
    expect(fitted("kentucky")).toEqual([["KEXA", undefined]]);
    expect(fitted("indiana")).toEqual([["KEXA", "ohio"]]);
    expect(fitted("indiana", "KEXA")).toEqual([["KEXA", "ohio"]]);
  });

  it.each([
    [
      ["--daily", "nowhere", "--normals", normalsFile, "--state", "ohio"],
      "cannot read the daily series nowhere",
    ],
    [
      ["--daily", folder, "--normals", normalsFile, "--state", "ohio"],
      "no daily series; expected file names such as uscrn_OH_Place.csv",
    ],
    [
      ["--daily", join(folder, "daily"), "--normals", "nothing.json", "--state", "ohio"],
      "cannot read the normals nothing.json",
    ],
    [
      ["--daily", join(folder, "daily"), "--normals", normalsFile, "--state", "ohoi"],
      '"ohoi" is no US state or territory. Did you mean ohio?',
    ],
    [
      ["--daily", join(folder, "daily"), "--normals", normalsFile, "--state", "ohio", "--stations", "KCMH"],
      "the normals have no station KCMH",
    ],
    [["--normals", normalsFile, "--state", "ohio"], "required option '--daily <paths...>' not specified"],
  ])("%#: says what is wrong", async (options, message) => {
    await expect(run("fit.ts", ...options)).rejects.toThrow(message);
  });
});

it("climate:verify prints its tables, and exits 1 if a target is not met", async () => {
  // Twenty members are too few for the targets of chances and ranges.
  const options = ["--daily", join(folder, "daily"), "--state", "ohio", "--members", "20"];
  const failed = (await run("verify.ts", ...options).catch((error: unknown) => error)) as {
    code: number;
    stdout: string;
  };
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain(
    "USCRN OH Example 1 N: trained on 2002-11-09 to 2007-12-31, verified on 2008-01-01 to 2010-11-06",
  );
  expect(failed.stdout).toContain("OH_Example_1_N: its place is not known");
  expect(failed.stdout).toMatch(
    /met {2}.*CRPS skill at lead 1 at least 0.18 from the station's day before alone/,
  );
  expect(failed.stdout).toContain("NOT MET");
});

it("climate:verify judges with --state all the shipped climates of all states that have a farm", async () => {
  const airports = write("airports.csv", ["date,city,state"]);
  const options = ["--daily", join(folder, "daily"), "--state", "all", "--members", "10"];
  await expect(run("verify.ts", ...options, "--airports", airports)).rejects.toThrow(
    `${airports}: there is no column`,
  );
  expect(shippedClimates().map(({ state }) => state)).toEqual(stateNames);
});

describe("daily series", () => {
  const values = (path: string) => {
    const [series] = readDailyFiles([path], ["VA"]);
    return series && [series.name, ...[series.high, series.low, series.precipitation].map((one) => [...one])];
  };

  it("are read in Fahrenheit and inches", () => {
    const file = write("f/ghcnd_VA_Here.csv", [
      "date,tmax_f,tmin_f,prcp_in",
      "2020-01-01,50,32,0.5",
      "2020-01-03,41,14,",
    ]);
    expect(values(join(file, ".."))).toEqual([
      "ghcnd VA Here",
      [10, NaN, 5],
      [0, NaN, -10],
      [12.7, NaN, NaN],
    ]);
  });

  it("are read as NCEI publishes GHCN-Daily, in tenths", () => {
    const file = write("g/USW1_VA_.csv", [
      '"STATION","DATE","PRCP","TMAX","TMIN"',
      '"USW1","2020-01-01","  127","  100","  -50"',
    ]);
    expect(values(join(file, ".."))?.slice(1)).toEqual([[10], [-5], [12.7]]);
  });

  it("are read as NCEI publishes USCRN, a file for each year", () => {
    const line = (day: string, max: string) =>
      `53131 ${day}  2.622  -78.47   38.00    ${max}   -5.0     2.5     2.4     1.3     5.00`;
    write("u/CRND0103-2019-VA_There_2_SSE.txt", [line("20191231", " 10.0")]);
    const file = write("u/CRND0103-2020-VA_There_2_SSE.txt", [line("20200101", "-9999.0")]);
    expect(values(join(file, ".."))).toEqual(["VA There 2 SSE", [10, NaN], [-5, -5], [1.3, 1.3]]);
  });

  it("without a column are refused by its name", () => {
    const file = write("bad/uscrn_VA_Bad.csv", ["date,tmax_c,prcp_mm", "2020-01-01,5,0"]);
    expect(() => values(join(file, ".."))).toThrow("expected the columns date, tmax_c, tmin_c, prcp_mm");
  });
});

describe("normals", () => {
  const header =
    '"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","month","MLY-TMAX-NORMAL","MLY-TMIN-NORMAL","MLY-PRCP-NORMAL"';
  const month = (i: number) =>
    `"USW00093738","${i}"," 38.9408"," -77.4636","  88.4","WASHINGTON DC DULLES AP, VA US","${i}","  50.0","  32.0","  2.00"`;

  it("are read as NCEI publishes them", () => {
    const file = write("ncei/USW00093738.csv", [header, ...high.map((_, i) => month(i + 1))]);
    expect(readNormals(join(file, ".."))).toMatchObject([
      {
        ncei: "USW00093738",
        states: ["VA"],
        name: "Washington Dc Dulles Ap",
        latitude: 38.9408,
        elevation_m: 88.4,
      },
    ]);
    expect(readNormals(join(file, ".."))[0]?.normals.high).toEqual(high.map(() => 10));
  });

  it("with a month missing are left out", () => {
    const file = write("part/USW00093738.csv", [header, month(1), month(2)]);
    expect(readNormals(join(file, ".."))).toEqual([]);
  });

  it("of the wrong form name the field", () => {
    const file = write("wrong.json", ['{"stations": [{"id": 5}]}']);
    expect(() => readNormals(file)).toThrow("stations[0].id");
  });
});
