import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Deviates, nwsErrors } from "@weather/forecast-model/parts";
import { afterAll, describe, expect, it } from "vitest";
import { figuresFor } from "./dressed-scores.ts";
import { errorCorrelations, errorsByLead, fitErrors } from "./fit-errors.ts";
import { readVerifiedForecasts } from "./verified-forecasts.ts";
import { crpsOfNormal } from "./normal.ts";

const folder = mkdtempSync(join(tmpdir(), "climate-nws-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command of the folder above as npm does. */
const run = (file: string, ...options: string[]) =>
  promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    join(import.meta.dirname, "..", file),
    ...options,
  ]);

const head =
  "date,city,state,forecast_hi_2_prev_PM,forecast_lo_prev_AM,forecast_hi_prev_AM,forecast_lo_prev_PM," +
  "forecast_hi_prev_PM,forecast_lo_current_AM,forecast_hi_current_AM,forecast_lo_current_PM," +
  "actual_lo_current_PM,actual_hi_current_PM,actual_lo_next_AM,actual_hi_next_AM";

/** A year and a half of forecasts of cities whose errors are normal, with the committed spread times a factor. */
function made(name: string, cities: string[], { factor = 1, seed = 1 } = {}): string {
  const count = 500;
  const deviates = new Deviates(seed);
  const draws = new Float64Array(8 * count);
  const lines = cities.flatMap((city) => {
    deviates.normal(draws, draws.length);
    return Array.from({ length: count }, (_, day) => {
      const date = new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10);
      const season = -25 * Math.cos((2 * Math.PI * day) / 365);
      const [low, high] = [Math.round(48 + season), Math.round(68 + season)];
      const forecasts = (["high", "low"] as const).flatMap((element, e) =>
        nwsErrors[element].map(({ mean_C, sd_C }, lead) => {
          const error = 1.8 * (mean_C + factor * sd_C * draws[8 * day + 4 * e + lead]!);
          return Math.round((element === "high" ? high : low) - error);
        }),
      );
      const [h12, h24, h36, h48, l12, l24, l36, l48] = forecasts;
      return [date, city, h48, l48, h36, l36, h24, l24, h12, l12, low, high, low, high].join();
    });
  });
  const file = join(folder, name);
  writeFileSync(file, `${[head, ...lines].join("\n")}\n`);
  return file;
}

describe("climate:verify-nws", () => {
  it("meets all targets for cities that the figures were not fitted to", async () => {
    const { stdout } = await run("verify-nws.ts", "--file", made("good.csv", ["ERIE,PA", "CHARLESTON,WV"]));
    expect(stdout).toContain("2 cities. 0 of them");
    expect(stdout.match(/^ {2}met /gm)).toHaveLength(4);
    for (const lead of [12, 24, 36, 48]) expect(stdout).toMatch(new RegExp(`│ low, ${lead} h.*│ +1000 │`));
  });

  it("exits 1 and names the missed target if the errors are twice as large", async () => {
    const file = made("bad.csv", ["NOWHERE,KY"], { factor: 2 });
    const failure = (await run("verify-nws.ts", "--file", file).catch((error: unknown) => error)) as {
      code: number;
      stdout: string;
    };
    expect(failure.code).toBe(1);
    expect(failure.stdout).toMatch(
      /NOT MET {2}the 10-90 % range covers 77 to 84 %, each element and lead: 4/,
    );
  });

  it("says what is wrong with a file", async () => {
    await expect(run("verify-nws.ts", "--file", join(folder, "none.csv"))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("none.csv: ENOENT") as string,
    });
    const file = join(folder, "short.csv");
    writeFileSync(file, "date,city,state\n2023-01-01,ERIE,PA\n");
    await expect(run("verify-nws.ts", "--file", file)).rejects.toMatchObject({
      stderr: expect.stringContaining("there is no column forecast_hi_current_AM") as string,
    });
  });
});

describe("climate:fit-nws", () => {
  it("writes figures that the forecaster accepts, with their source", async () => {
    const out = join(folder, "errors.json");
    const file = made("fit.csv", ["ERIE,PA", "CHARLESTON,WV"]);
    await run("fit-nws.ts", "--file", file, "--out", out);
    const figures = JSON.parse(readFileSync(out, "utf8")) as typeof nwsErrors;
    expect(figures.source).toContain("2023-01-01 to 2024-05-14: fit.csv");
    expect(figures.cities).toEqual(["CHARLESTON, WV", "ERIE, PA"]);
    for (const element of ["high", "low"] as const) {
      figures[element].forEach(({ n, mean_C, sd_C }, i) => {
        expect(n).toBe(1000);
        expect(Math.abs(mean_C - nwsErrors[element][i]!.mean_C)).toBeLessThan(0.15);
        expect(Math.abs(sd_C / nwsErrors[element][i]!.sd_C - 1)).toBeLessThan(0.1);
      });
    }
  });

  const recorded = join(
    process.env.WEATHER_DATA ?? join(import.meta.dirname, "../../../../../shared/weather-data"),
    "daily/nws_forecast_verification_2021_2022_oh_va.csv",
  );
  it.skipIf(!existsSync(recorded))("finds the committed figures in the recorded forecasts again", () => {
    const { high, low, correlations, cities } = fitErrors(readVerifiedForecasts(recorded), "");
    expect(cities).toEqual(nwsErrors.cities);
    [...high, ...low].forEach(({ n, mean_C, sd_C }, i) => {
      const committed = [...nwsErrors.high, ...nwsErrors.low][i]!;
      expect(n).toBe(committed.n);
      expect(mean_C).toBeCloseTo(committed.mean_C, 3);
      expect(sd_C).toBeCloseTo(committed.sd_C, 3);
    });
    expect(correlations.highWithNextHigh).toBeCloseTo(nwsErrors.correlations.highWithNextHigh, 3);
  });
});

describe("forecasts of a city that the committed figures were fitted to", () => {
  const cities = nwsErrors.cities.slice(0, 4);
  const forecasts = readVerifiedForecasts(
    made(
      "fitted.csv",
      cities.map((city) => city.replace(", ", ",")),
    ),
  );

  it("are scored with figures that were fitted to other cities and other months", () => {
    const one = forecasts.find(({ city, date }) => city === cities[0] && date === "2023-03-01")!;
    const figures = figuresFor(one, forecasts);
    const changed = forecasts.map((forecast) =>
      forecast.city === cities[0] || forecast.date.startsWith("2023-03")
        ? { ...forecast, observed: forecast.observed + 18 }
        : forecast,
    );
    expect(figuresFor(one, changed)).toEqual(figures);
    expect(figures[0]!.n).toBe(3 * (500 - 31));
    expect(figuresFor({ ...one, city: cities[1]! }, changed)).not.toEqual(figures);
  });

  it("are scored with the committed figures if there are too few others", () => {
    const alone = forecasts.filter(({ city }) => city === cities[0]);
    expect(figuresFor(alone[0]!, alone)).toBe(nwsErrors[alone[0]!.element]);
  });
});

it("errors of one issue are paired by its lead times: the evening's low with the low of the next evening", () => {
  const forecasts = readVerifiedForecasts(made("pairs.csv", ["ERIE,PA"]));
  // The low 36 h ahead has the error of the low 12 h ahead of the evening before.
  const lows = new Map(
    forecasts.filter(({ element, lead }) => element === "low" && lead === 12).map((one) => [one.date, one]),
  );
  const before = (date: string) => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
  const tied = forecasts.flatMap((forecast) => {
    if (forecast.element !== "low" || forecast.lead !== 36) return [forecast];
    const source = lows.get(before(forecast.date));
    return source ? [{ ...forecast, forecast: forecast.observed - (source.observed - source.forecast) }] : [];
  });
  // One of the two pairs of leads is correlated, the other is not.
  expect(errorCorrelations(tied).lowWithNextLow).toBeCloseTo(0.5, 1);
});

it("too few forecasts are no figures", () => {
  expect(() => errorsByLead([], "high")).toThrow(
    "0 verified forecasts of the high 12 h ahead: 30 or more are needed",
  );
});

it("the CRPS of a normal forecast is that of many members drawn from it", () => {
  const members = new Float64Array(4_001);
  new Deviates(3).normal(members, members.length);
  const mean = (of: (member: number) => number) =>
    members.reduce((sum, one) => sum + of(one), 0) / members.length;
  const spread = 2 / Math.sqrt(Math.PI);
  expect(crpsOfNormal(0, 1, 0.7)).toBeCloseTo(mean((one) => Math.abs(one - 0.7)) - spread / 2, 1);
});
