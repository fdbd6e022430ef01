import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { forecaster, type Question } from "@weather/forecast-model";
import { remembering } from "@weather/state-server";
import { Bench } from "tinybench";

const climate: unknown = JSON.parse(
  readFileSync(new URL("../../../apps/ohio-server/src/climate.json", import.meta.url), "utf8"),
);
const ohio = forecaster(climate);
const observed = { date: "2026-11-22", high: 11.2, low: 3, precipitation: 0.5 };
const question: Question = { station: "KCMH", start: "2026-11-23", days: 5, members: 200, seed: 7, observed };

/** What a forecast costs, how the cost grows with members and days, and whether memory stays flat. */
export async function forecastSuite(quick: boolean): Promise<void> {
  console.log(`\n## One forecast, started from an observation\n`);
  console.log(`${cpus()[0]?.model}, Node.js ${process.version}; µs, median; \`npm run bench -- forecast\`\n`);
  await growth(quick ? 100 : 400);
  await memoised(quick ? 100 : 400);
  memory(quick ? 50_000 : 1_000_000);
}

async function growth(time: number): Promise<void> {
  const days = [1, 2, 5, 10];
  console.log(
    `| members | ${days.map((count) => `${count} ${count === 1 ? "day" : "days"}`).join(" | ")} | 5 days, µs per member and day |`,
  );
  console.log(`|---|${"---|".repeat(days.length + 1)}`);
  for (const members of [10, 50, 200, 1000, 2000]) {
    const bench = new Bench({ time, warmupTime: time / 4 });
    for (const count of days) {
      // Another seed each time, as different requests have.
      let seed = 0;
      bench.add(
        String(count),
        () => void ohio.forecast({ ...question, members, days: count, seed: (seed += 1) }),
      );
    }
    await bench.run();
    const microseconds = bench.tasks.map(median);
    const five = microseconds[days.indexOf(5)] ?? NaN;
    const cells = microseconds.map((each) => each.toFixed(0));
    console.log(`| ${members} | ${cells.join(" | ")} | ${(five / members / 5).toFixed(3)} |`);
  }
}

/** What a server's memory of finished forecasts costs and saves. */
async function memoised(time: number): Promise<void> {
  const bench = new Bench({ time, warmupTime: time / 4 });
  const cache = remembering(ohio, 1_000);
  let seed = 0;
  bench.add("no cache", () => void ohio.forecast({ ...question, seed: (seed += 1) }));
  bench.add("cache, first asked (miss)", () => void cache.forecast({ ...question, seed: (seed += 1) }));
  bench.add("cache, asked again (hit)", () => void cache.forecast(question));
  await bench.run();
  console.log("\n| 5 days, 200 members | µs |\n|---|---|");
  for (const task of bench.tasks) console.log(`| ${task.name} | ${median(task).toFixed(1)} |`);
}

function median({ result }: Bench["tasks"][number]): number {
  if (!("latency" in result)) throw new Error("a forecast failed in the benchmark");
  return result.latency.p50 * 1_000;
}

function memory(forecasts: number): void {
  console.log(`\n## Memory over ${forecasts.toLocaleString("en-US")} forecasts of 5 days and 200 members\n`);
  console.log("| forecasts | RSS MB | heap MB | CPU µs each |\n|---|---|---|---|");
  const step = forecasts / 5;
  for (let done = 0; done < forecasts;) {
    const before = process.cpuUsage();
    for (const end = done + step; done < end; done += 1) ohio.forecast({ ...question, seed: done });
    const { user, system } = process.cpuUsage(before);
    const { rss, heapUsed } = process.memoryUsage();
    const cells = [
      done,
      (rss / 2 ** 20).toFixed(0),
      (heapUsed / 2 ** 20).toFixed(1),
      ((user + system) / step).toFixed(0),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
