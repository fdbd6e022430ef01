import type { Command } from "@commander-js/extra-typings";
import { statesFrom, type WrittenRequest } from "@weather/contracts";
import { daysTable, repliesTable, riskTable, type Asked } from "@weather/rendering";
import { askAll, type AskAllOptions } from "../ask-all.ts";
import type { ExitCode } from "../exit-code.ts";
import { deadlineOption, figure, unitsOption, whole } from "../options.ts";
import { questionsFor, type RequestOptions } from "../questions.ts";
import { interrupted, report } from "../report.ts";
import { clustersOf, type Terminal } from "../terminal.ts";

export function addForecast(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  weather
    .command("forecast")
    .description("ask one or several states, and show what they answer")
    .argument("<state...>", "names or postal codes of states, such as ohio VA")
    .option("--station <id>", "ICAO id of a station, such as KCMH (default: the state's first)")
    .option("--lat, --latitude <degrees>", "degrees north of a place; the nearest station answers", figure)
    .option("--lon, --longitude <degrees>", "degrees east; west of Greenwich it is negative", figure)
    .option("--start <date>", "first day, YYYY-MM-DD (default: today in the state)")
    .option("--days <n>", "how many days, 1 to 10 (default: 5)", figure)
    .option("--members <n>", "ensemble members, 10 to 2000 (default: 200)", figure)
    .option("--seed <n>", "seed of the random numbers (default: derived from station and start)", figure)
    .option(
      "--observed <high,low,precipitation>",
      "yesterday's weather, such as 11.2,3.0,0.5 or 52F,37F,0.02in: sharpens the first days",
    )
    .option("--model <name>", "climate, ensemble or nws (default: the best that the farm has)")
    .option("--risk <condition>", 'ask how likely "low<0", "high>90F" or "precipitation>25mm" is')
    .option("--count <n>", "requests to each state; each starts one day later", whole(1, 100_000), 1)
    .option("--concurrency <n>", "requests in flight at once", whole(1, 10_000), 64)
    .addOption(unitsOption("units of the tables, and of input without a unit"))
    .addOption(deadlineOption())
    .option("--json", "one JSON object per line, in °C and mm, as the answers come")
    .action(async (words, { json = false, concurrency, deadline, count, units, ...written }) => {
      const options = { json, concurrency, deadline, count, units, written };
      ended(await terminal.options.interruptible((stop) => forecast(words, options, terminal, stop)));
    });
}

interface ForecastOptions extends AskAllOptions, RequestOptions {
  /** The fields of each request. */
  written: WrittenRequest;
}

/** Asks states for forecasts, and shows the answers. @returns the exit code @throws {InputError|Usage} if an argument is wrong */
async function forecast(
  words: string[],
  options: ForecastOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const states = statesFrom(words);
  const questions = questionsFor(states, options.written, options);
  const clusters = clustersOf(terminal, stop);
  try {
    await clusters.open(states);
    const asked = await askAll((state) => clusters.of(state).broker, questions, options, terminal, stop);
    if (stop.aborted) return interrupted(asked, questions.length, stop, terminal);
    if (!options.json) show(asked, options, terminal);
    return report(asked, options, terminal);
  } finally {
    await clusters.drain();
  }
}

function show(asked: readonly Asked[], { units, count }: ForecastOptions, terminal: Terminal): void {
  const { screen } = terminal;
  if (count > 1) {
    terminal.show(repliesTable(asked, units, screen));
    return;
  }
  for (const { reply, milliseconds } of asked) {
    if (reply?.outcome === "forecast") terminal.show(daysTable(reply, milliseconds, units, screen));
    if (reply?.outcome === "risk") terminal.show(riskTable(reply, milliseconds, units, screen));
  }
}
