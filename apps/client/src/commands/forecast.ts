import {
  dateIn,
  forecastFrom,
  isStateName,
  request,
  stateNames,
  type Reply,
  type Request,
  type StateName,
} from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";
import cliProgress from "cli-progress";
import { closest } from "fastest-levenshtein";
import { exitCode, explain, sentence, Usage, type ExitCode } from "./exit-code.ts";
import { daysTable, repliesTable, riskTable } from "./tables.ts";
import { connected, type Terminal } from "./terminal.ts";
import { unitsOf } from "./units.ts";

export interface ForecastOptions {
  station?: string;
  start?: string;
  days?: number;
  members?: number;
  seed?: number;
  /** Yesterday's high and low in °C and precipitation in mm; yesterday is the day before `start`. */
  observed?: [high: number, low: number, precipitation: number];
  /** Asks how likely this is, instead of for the weather. */
  risk?: Threshold;
  /** Requests to each state. */
  count: number;
  /** Requests on their way at once. */
  concurrency: number;
  /** Milliseconds for each. */
  deadline: number;
  us: boolean;
  json: boolean;
}

type Threshold = NonNullable<Request["threshold"]>;

/** One request, and what became of it. */
export interface Asked {
  /** From 1, in the order of asking. */
  number: number;
  state: StateName;
  milliseconds: number;
  reply?: Reply;
  error?: Error;
}

/** Asks states for forecasts, shows the answers. @returns the exit code @throws {Usage} if a word or an option is wrong */
export async function forecast(
  names: string[],
  options: ForecastOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const states = names.map(stateFrom);
  const template = requestFrom(options);
  const broker = await connected(terminal);
  try {
    const questions = questionsFor(states, template, options);
    const asked = await askAll(broker, questions, options, terminal);
    if (!options.json) show(asked, options, terminal);
    return report(asked, states, options, terminal);
  } finally {
    await broker.drain();
  }
}

/** @throws {Usage} if it is no state with a farm; the message says which one is meant */
export function stateFrom(word: string): StateName {
  const name = word.toLowerCase();
  if (isStateName(name)) return name;
  throw new Usage(
    `no farm for "${word}". Did you mean ${closest(name, stateNames)}? The states are ${stateNames.join(", ")}`,
  );
}

function requestFrom({ station, start, days, members, seed, risk }: ForecastOptions): Request {
  const kind = risk && "risk";
  const given = { kind, station: station?.toUpperCase(), start, days, members, seed, threshold: risk };
  const template = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { error } = request.safeParse(template);
  if (!error) return template;
  throw new Usage(error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("; "));
}

interface Question {
  number: number;
  state: StateName;
  request: Request;
}

function questionsFor(
  states: StateName[],
  template: Request,
  { count, observed }: ForecastOptions,
): Question[] {
  const now = new Date();
  const questions = states.flatMap((state) =>
    Array.from({ length: count }, (_, later) => {
      if (count === 1 && !observed) return { state, request: template };
      const start = addDays(template.start ?? dateIn(state, now), later);
      return {
        state,
        request: { ...template, start, ...(observed && { observed: dayBefore(start, observed) }) },
      };
    }),
  );
  return questions.map((question, index) => ({ number: index + 1, ...question }));
}

function dayBefore(start: string, [high, low, precipitation]: [number, number, number]): Request["observed"] {
  return { date: addDays(start, -1), high, low, precipitation };
}

function addDays(date: string, days: number): string {
  const later = new Date(`${date}T00:00:00Z`);
  later.setUTCDate(later.getUTCDate() + days);
  return later.toISOString().slice(0, 10);
}

async function askAll(
  broker: Broker,
  questions: Question[],
  { concurrency, deadline, json }: ForecastOptions,
  { stdout, stderr }: Terminal,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const bar = new cliProgress.SingleBar(
    {
      format: "{bar} {value} of {total} answered",
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    cliProgress.Presets.shades_classic,
  );
  const showBar = setTimeout(() => stderr.isTTY && bar.start(questions.length, asked.length), 1_000);
  const began: number[] = [];
  function* conversations() {
    for (const { state, request } of questions) {
      began.push(performance.now());
      yield [forecastFrom(state), request] as const;
    }
  }
  for await (const { index, reply, error } of broker.askEach(conversations(), { concurrency, deadline })) {
    const { number, state } = questions[index] as Question;
    const milliseconds = Math.round((performance.now() - (began[index] ?? 0)) * 10) / 10;
    const end = { number, state, milliseconds, ...(reply ? { reply } : { error: error as Error }) };
    asked.push(end);
    bar.update(asked.length);
    if (json) stdout.write(`${jsonLine(end)}\n`);
  }
  clearTimeout(showBar);
  bar.stop();
  return asked.sort((one, other) => one.number - other.number);
}

function jsonLine({ error, ...asked }: Asked): string {
  return JSON.stringify({ ...asked, ...(error && { error: { name: error.name, message: error.message } }) });
}

function show(asked: Asked[], { us, count }: ForecastOptions, { stdout, colour }: Terminal): void {
  const look = { units: unitsOf(us), colour };
  if (count > 1) {
    stdout.write(`${repliesTable(asked, look)}\n`);
    return;
  }
  for (const { reply, milliseconds } of asked) {
    if (reply?.outcome === "forecast") stdout.write(`${daysTable(reply, milliseconds, look)}\n`);
    if (reply?.outcome === "risk") stdout.write(`${riskTable(reply, milliseconds, look)}\n`);
  }
}

/** Says on the last line how many were answered, and before it, once for each kind, why others were not. */
function report(
  asked: Asked[],
  states: StateName[],
  { json }: ForecastOptions,
  { command, stdout, stderr }: Terminal,
): ExitCode {
  const answered = (state: StateName) =>
    asked.filter((one) => one.state === state && one.reply && one.reply.outcome !== "refused").length;
  let code: ExitCode = exitCode.ok;
  const issues = new Map<string, number>();
  for (const { state, reply, error } of asked) {
    if (reply && reply.outcome !== "refused") continue;
    const why = error ? explain(error, command) : { code: exitCode.refused, advice: "" };
    code = worse(code, why.code);
    const text = error ? `${sentence(error.message)} ${why.advice}` : `${state} refused: ${reply?.message}.`;
    issues.set(text, (issues.get(text) ?? 0) + 1);
  }
  for (const [text, times] of issues)
    stderr.write(`weather: ${text}${times > 1 ? ` (${times} times)` : ""}\n`);
  if (!json && asked.length > 1) {
    const by = [...new Set(states)].map((state) => `${state} ${answered(state)}`);
    const all = [...new Set(states)].reduce((sum, state) => sum + answered(state), 0);
    stdout.write(`${all} of ${asked.length} answered: ${by.join(", ")}\n`);
  }
  return code;
}

/** Of several troubles, the one to look at first: no farm, then too late, then refused. */
function worse(one: ExitCode, other: ExitCode): ExitCode {
  const order: ExitCode[] = [exitCode.ok, exitCode.refused, exitCode.unanswered, exitCode.unavailable];
  return order.indexOf(other) > order.indexOf(one) ? other : one;
}
