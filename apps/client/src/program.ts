import { Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import ms, { type StringValue } from "ms";
import * as deadLetters from "./dead-letters.ts";
import { exitCode, explain, sentence, Usage, type ExitCode } from "./exit-code.ts";
import { forecast, stateFrom } from "./forecast.ts";
import { gather } from "./gather.ts";
import { states } from "./states.ts";
import type { Terminal } from "./terminal.ts";

function whole(min: number) {
  return (text: string) => {
    if (!/^\d+$/.test(text) || Number(text) < min) {
      throw new InvalidArgumentError(`Expected a whole number from ${min}.`);
    }
    return Number(text);
  };
}

function duration(text: string): number {
  if (!/^\d+(\.\d+)?\s?(ms|s|m|h)$/.test(text)) {
    throw new InvalidArgumentError("Expected a time with its unit, such as 500ms, 10s or 2m.");
  }
  const milliseconds = ms(text as StringValue);
  if (milliseconds >= 2 ** 31) throw new InvalidArgumentError("Expected at most 24 days, which are 576h.");
  return milliseconds;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`Expected JSON: ${(error as Error).message}.`);
  }
}

/** Reads `11.2,3.0,0.5`. */
function observed(text: string): [number, number, number] {
  const values = text.split(",").map(Number);
  if (values.length !== 3 || !values.every(Number.isFinite)) {
    throw new InvalidArgumentError("Expected high, low and precipitation, such as 11.2,3.0,0.5.");
  }
  return values as [number, number, number];
}

/** Reads `low<0`, `high>32` or `precipitation>25`. */
function threshold(text: string) {
  const [, of, sign, limit] = /^(high|low|precipitation)\s*([<>])\s*(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (limit === undefined)
    throw new InvalidArgumentError('Expected a condition such as "low<0", in °C or mm.');
  return { of: of as "high" | "low" | "precipitation", [sign === "<" ? "below" : "above"]: Number(limit) };
}

const examples = (command: string) => `
Examples:
  # the next five days in Columbus
  ${command} forecast ohio
  ${command} forecast virginia --station KORF --days 10
  # started from yesterday's high, low and rain
  ${command} forecast ohio --observed 11.2,3.0,0.5
  # how likely is frost?
  ${command} forecast ohio --risk "low<0" --days 7
  # ten requests to each, each a day later
  ${command} forecast ohio virginia --count 10
  # for programs
  ${command} forecast ohio --json | jq .reply.days
  # who serves, and how much waits
  ${command} states
  # one message, the replies of all who hear it
  ${command} gather sports.ohio --body '{"days":3}'
  # what could not be answered, and why
  ${command} dead-letters list

The broker is named by AMQP_URL (default amqp://guest:guest@localhost:5672). MANAGEMENT_URL, such as
http://operator:password@localhost:15673, lets "states" show what is in flight, how many are answered per second,
and how long the oldest has waited (an estimate: what waits, at this speed).
Exit codes: 0 all answered, 64 wrong usage, 65 refused, 69 no broker or nobody serves that state,
75 not answered in time.`;

/** Runs the command. @param words the command line @returns the exit code */
export async function program(words: string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.ok;
  const weather = new Command(terminal.command)
    .description("Asks the weather farms for forecasts.")
    .addHelpText("after", examples(terminal.command))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });

  weather
    .command("forecast")
    .description("ask one or several states, and show what they answer")
    .argument("<state...>", "states, such as ohio virginia")
    .option("--station <id>", "ICAO id of a station, such as KCMH (default: the state's first)")
    .option("--start <date>", "first day, YYYY-MM-DD (default: today in the state)")
    .option("--days <n>", "how many days, 1 to 10 (default: 5)", whole(0))
    .option("--members <n>", "ensemble members, 10 to 2000 (default: 200)", whole(0))
    .option("--seed <n>", "seed of the random numbers (default: derived from station and start)", whole(0))
    .option(
      "--observed <high,low,mm>",
      "yesterday's weather, in °C and mm: sharpens the first days",
      observed,
    )
    .option("--risk <condition>", 'ask how likely "low<0", "high>32" or "precipitation>25" is', threshold)
    .option("--count <n>", "requests to each state, each starting a day after the one before", whole(1), 1)
    .option("--concurrency <n>", "requests on their way at once", whole(1), 64)
    .addOption(
      new Option("--units <system>", "units of the tables").choices(["metric", "us"]).default("metric"),
    )
    .addOption(
      new Option("--deadline <time>", "how long each answer may take, such as 500ms or 10s")
        .argParser(duration)
        .default(10_000, "10s"),
    )
    .option("--json", "one JSON object per line, in °C and mm, as the answers come")
    .action(async (names, options) => {
      code = await forecast(
        names,
        { ...options, us: options.units === "us", json: options.json ?? false },
        terminal,
      );
    });

  weather
    .command("states")
    .description("show each state's queue: how many requests wait, how many servers listen")
    .option("--json", "one JSON object per line")
    .option("--watch", "again and again, in place on a terminal, as JSON lines elsewhere")
    .addOption(
      new Option("--every <time>", "how often with --watch").argParser(duration).default(2_000, "2s"),
    )
    .action(async ({ json = false, watch, every }) => {
      await states({ json, ...(watch && { watch: every }) }, terminal);
    });

  weather
    .command("gather")
    .description("send one message to a topic, and show the reply of everyone who hears it")
    .argument(
      "<routing-key>",
      "such as sports.ohio: Ohio's farm hears it, and so does who listens to sports.#",
    )
    .option("--body <json>", "the message", json, {})
    .option("--count <n>", "end after so many replies", whole(1))
    .addOption(
      new Option("--deadline <time>", "end after this time").argParser(duration).default(3_000, "3s"),
    )
    .action(async (routingKey, { body, ...options }) => {
      code = await gather(routingKey, body, options, terminal);
    });

  addDeadLetters(weather, terminal, (end) => (code = end));

  try {
    await weather.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    const { code, advice } = explain(error, terminal.command);
    terminal.stderr.write(`weather: ${sentence((error as Error).message)} ${advice}\n`);
    return code;
  }
  return code;
}

/** The commands for requests that could not be answered. */
function addDeadLetters(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  const commands = weather
    .command("dead-letters")
    .description("look at the requests that could not be answered; replay or drop them");
  const state = () => new Option("--state <state>", "only those of this state").argParser(stateFrom);
  const limit = () =>
    new Option("--limit <n>", "how many are looked at, oldest first").argParser(whole(1)).default(1_000);

  commands
    .command("list")
    .description(
      "when, which queue, why, how often tried, the request, and what the contract says against it",
    )
    .addOption(state())
    .addOption(limit())
    .option("--json", "one JSON object per line")
    .action(async ({ json = false, ...selection }) => {
      ended(await deadLetters.list(selection, json, terminal));
    });
  commands
    .command("show")
    .description("everything about one of them, and what the contract says against its body")
    .argument("<id>")
    .addOption(limit())
    .action(async (id, selection) => {
      ended(await deadLetters.show(id, selection, terminal));
    });
  commands
    .command("replay")
    .description("put one, or with --all every one, back into the queue that it comes from")
    .argument("[id]")
    .option("--all", "every one of them")
    .option("--without-reply", "also those whose caller has gone")
    .addOption(state())
    .addOption(limit())
    .addOption(
      new Option("--expiration <time>", "how long each may wait for a server, from now")
        .argParser(duration)
        .default(60_000, "60s"),
    )
    .action(async (id, { all = false, withoutReply = false, ...options }) => {
      if (all === (id !== undefined)) throw new Usage("expected either an ID or --all");
      ended(await deadLetters.replay({ ...options, ...(id && { id }), withoutReply }, terminal));
    });
  commands
    .command("drop")
    .description("delete one of them for good")
    .argument("<id>")
    .addOption(limit())
    .action(async (id, selection) => {
      ended(await deadLetters.drop(id, selection, terminal));
    });
}
