import { forecastFrom, type StateName } from "@weather/contracts";
import { askEachAt, type Broker } from "@weather/queue-binding";
import type { Asked } from "@weather/rendering";
import cliProgress from "cli-progress";
import type { Question } from "./questions.ts";
import type { Terminal } from "./terminal.ts";

export interface AskAllOptions {
  /** Requests in flight at once. */
  concurrency: number;
  /** How long each answer may take, in milliseconds. */
  deadline: number;
  /** Whether each answer is printed as it comes, as JSON. */
  json: boolean;
}

/**
 * Asks every question, each at the broker of its state.
 *
 * @param stop ends the questions early
 * @returns the questions that have ended, in their order
 */
export async function askAll(
  brokerOf: (state: StateName) => Broker,
  questions: readonly Question[],
  { concurrency, deadline, json }: AskAllOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const progress = progressOf(questions.length, terminal);
  // The line is cleared at once: a process that is killed later leaves nothing behind.
  stop.addEventListener("abort", progress.end);
  const began: number[] = [];
  function* conversations() {
    for (const { state, request } of questions) {
      began.push(performance.now());
      yield [forecastFrom(state), request] as const;
    }
  }
  try {
    const options = { concurrency, deadline, signal: stop };
    const all = askEachAt(([{ state }]) => brokerOf(state), conversations(), options);
    for await (const { index, reply, error } of all) {
      if (stop.aborted && !reply) continue;
      const milliseconds = Math.round((performance.now() - (began[index] ?? 0)) * 10) / 10;
      const { state } = questions[index] as Question;
      const one = { number: index + 1, state, milliseconds };
      const end: Asked = reply ? { ...one, reply } : { ...one, error: error as Error };
      asked.push(end);
      progress.show(asked.length);
      if (json) terminal.json(forPrograms(end));
    }
  } finally {
    progress.end();
  }
  return asked.sort((one, other) => one.number - other.number);
}

/** A request and its outcome, as `--json` prints it. */
export const forPrograms = ({ error, ...asked }: Asked<unknown>) => ({
  ...asked,
  ...(error && { error: { name: error.name, message: error.message } }),
});

/** Shows on a terminal how many requests were answered, from the first second on. */
function progressOf(total: number, { options: { stderr } }: Terminal) {
  // The cursor stays visible and line wrap stays on, so nothing must be restored when the process ends.
  const bar = new cliProgress.SingleBar(
    {
      format: "{bar} {value} of {total} answered",
      stream: process.stderr,
      barsize: 30,
      clearOnComplete: true,
      hideCursor: false,
      linewrap: true,
    },
    cliProgress.Presets.shades_classic,
  );
  let answered = 0;
  const start = setTimeout(() => stderr.isTTY && bar.start(total, answered), 1_000);
  return {
    show: (count: number) => bar.update((answered = count)),
    end: () => {
      clearTimeout(start);
      bar.stop();
    },
  };
}
