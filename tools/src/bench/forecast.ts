import { readFileSync } from "node:fs";
import { forecaster, type Question } from "@weather/forecast-model";
import { Bench } from "tinybench";
import { climate } from "./bundle.ts";
import type { Report } from "./measured.ts";

const ohio = forecaster(JSON.parse(readFileSync(climate, "utf8")));
const observed = { date: "2026-11-22", high: 11.2, low: 3, precipitation: 0.5 };
const question: Question = { station: "KCMH", start: "2026-11-23", days: 5, members: 200, seed: 7, observed };

/** Two days of every station that is heard. */
const observations = [...ohio.stations, ...ohio.neighbours].flatMap(({ id }, i) =>
  ["2026-11-21", "2026-11-22"].map((date) => ({
    ...observed,
    date,
    station: id,
    high: observed.high + (i % 5),
    low: observed.low - (i % 3),
  })),
);

/** The cost of a forecast, its growth with members and days, and the memory over many forecasts. */
export async function forecastSuite(quick: boolean, report: Report): Promise<void> {
  await growth(quick ? 100 : 400, report);
  await starts(quick ? 200 : 800, report);
  memory(quick ? 50_000 : 1_000_000, report);
}

async function growth(time: number, report: Report): Promise<void> {
  const rows = [];
  for (const members of [10, 50, 200, 1000, 2000]) {
    const row: Record<string, number> = { members };
    const bench = new Bench({ time, warmupTime: time / 4 });
    for (const days of [1, 2, 5, 10]) {
      // Each forecast has another seed, as different requests have.
      let seed = 0;
      bench.add(`${days} days`, () => void ohio.forecast({ ...question, members, days, seed: (seed += 1) }));
    }
    await bench.run();
    for (const { name, p50 } of timesOf(bench)) row[name] = p50;
    rows.push({ ...row, "5 days, per member and day": (row["5 days"] ?? NaN) / members / 5 });
  }
  report.table("One forecast, started from an observation, µs, median", "forecast", rows);
}

/** The cost of a start from no observation, from one, and from those of all stations. */
async function starts(time: number, report: Report): Promise<void> {
  const bench = new Bench({ time, warmupTime: time / 4 });
  const given = ohio.given(observations);
  const asked = { ...question, observed: undefined };
  let seed = 0;
  bench.add("climate", () => void ohio.forecast({ ...asked, seed: (seed += 1) }));
  bench.add("the station's day before", () => void ohio.forecast({ ...question, seed: (seed += 1) }));
  const all = `${observations.length} observations`;
  bench.add(`${all}, already heard`, () => void given.forecast({ ...asked, seed: (seed += 1) }));
  bench.add(`${all}, for the first time`, () => void ohio.given(observations).forecast(asked));
  await bench.run();
  const rows = timesOf(bench).map(({ name, p50, p99 }) => ({
    "started from": name,
    "µs, median": p50,
    "µs, p99": p99,
  }));
  report.table("5 days, 200 members, by what the forecast starts from", "forecast", rows);
}

/** In µs. */
const timesOf = (bench: Bench) =>
  bench.tasks.map(({ name, result }) => {
    if (!("latency" in result)) throw new Error("a forecast failed in the benchmark");
    return { name, p50: result.latency.p50 * 1_000, p99: result.latency.p99 * 1_000 };
  });

function memory(forecasts: number, report: Report): void {
  const rows = [];
  const step = forecasts / 5;
  for (let done = 0; done < forecasts;) {
    const before = process.cpuUsage();
    for (const end = done + step; done < end; done += 1) ohio.forecast({ ...question, seed: done });
    const { user, system } = process.cpuUsage(before);
    const { rss, heapUsed } = process.memoryUsage();
    rows.push({
      "forecasts so far": done,
      "RSS MB": rss / 2 ** 20,
      "heap MB": heapUsed / 2 ** 20,
      "CPU µs each": (user + system) / step,
    });
  }
  report.table("Memory over forecasts of 5 days and 200 members", "forecast", rows);
}
