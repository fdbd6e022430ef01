import { readFileSync } from "node:fs";
import { forecaster, type Question } from "@weather/forecast-model";
import { Bench } from "tinybench";
import { climate } from "./bundle.ts";
import type { Report } from "./measured.ts";

const ohio = forecaster(JSON.parse(readFileSync(climate, "utf8")));
const observed = { date: "2026-11-22", high: 11.2, low: 3, precipitation: 0.5 };
const question: Question = { station: "KCMH", start: "2026-11-23", days: 5, members: 200, seed: 7, observed };

/** What a forecast costs, how the cost grows with members and days, and whether memory stays flat. */
export async function forecastSuite(quick: boolean, report: Report): Promise<void> {
  await growth(quick ? 100 : 400, report);
  memory(quick ? 50_000 : 1_000_000, report);
}

async function growth(time: number, report: Report): Promise<void> {
  const rows = [];
  for (const members of [10, 50, 200, 1000, 2000]) {
    const row: Record<string, number> = { members };
    const bench = new Bench({ time, warmupTime: time / 4 });
    for (const days of [1, 2, 5, 10]) {
      // Another seed each time, as different requests have.
      let seed = 0;
      bench.add(`${days} days`, () => void ohio.forecast({ ...question, members, days, seed: (seed += 1) }));
    }
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (!("latency" in result)) throw new Error("a forecast failed in the benchmark");
      row[name] = result.latency.p50 * 1_000;
    }
    rows.push({ ...row, "5 days, per member and day": (row["5 days"] ?? NaN) / members / 5 });
  }
  report.table("One forecast, started from an observation, µs, median", "forecast", rows);
}

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
