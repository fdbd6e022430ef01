import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkNumber, checkTime, kindOf } from "../checks.ts";
import type { Conversation, Read, Written } from "../conversation.ts";
import type { AskOptions } from "./options.ts";

/** A request and its conversation. */
export type Question<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> = readonly [
  conversation: Conversation<Request, Reply>,
  request: Written<Request>,
];

/** How a list of questions is asked. */
export interface AskEachOptions extends Omit<AskOptions, "together"> {
  /** Requests in flight at once, from 1. The next question is taken when an answer has been read. @default 64 */
  concurrency?: number;
}

/** The result of one question: either a reply or an error. */
export interface Answered<Asked, Reply> {
  /** The question, as it was given. */
  readonly question: Asked;
  /** Its place in the list, from 0. */
  readonly index: number;
  /** The reply, validated. */
  readonly reply?: Reply;
  /** The error that `ask` would throw. */
  readonly error?: unknown;
}

/**
 * Asks each question and yields each result as soon as it is there. A request that fails does not end the others. Leaving
 * the loop cancels the requests in flight. When the signal aborts, they fail with its reason, and no further question is
 * taken.
 *
 * @throws {TypeError} at once if the questions are not an iterable
 * @throws {RangeError} at once if the concurrency is not a whole number from 1, or the deadline not a valid time
 */
export function askEach<
  Request extends StandardSchemaV1,
  Reply extends StandardSchemaV1,
  Asked extends Question<Request, Reply>,
>(
  ask: (question: Asked, options: AskOptions) => Promise<Read<Reply>>,
  questions: Iterable<Asked>,
  { concurrency = 64, deadline = 10_000, signal, trace }: AskEachOptions,
): AsyncGenerator<Answered<Asked, Read<Reply>>, void, undefined> {
  if (typeof (questions as Partial<typeof questions> | undefined)?.[Symbol.iterator] !== "function") {
    throw new TypeError(`the questions must be an iterable, such as an array, got ${kindOf(questions)}`);
  }
  checkNumber("concurrency", concurrency, { min: 1, whole: true });
  checkTime("deadline", deadline);
  return answers(ask, questions, { concurrency, deadline, signal, ...(trace && { trace }) });
}

async function* answers<
  Request extends StandardSchemaV1,
  Reply extends StandardSchemaV1,
  Asked extends Question<Request, Reply>,
>(
  ask: (question: Asked, options: AskOptions) => Promise<Read<Reply>>,
  questions: Iterable<Asked>,
  {
    concurrency,
    signal,
    ...options
  }: Omit<AskOptions, "signal"> & { concurrency: number; signal: AbortSignal | undefined },
): AsyncGenerator<Answered<Asked, Read<Reply>>, void, undefined> {
  const giveUp = new AbortController();
  const either = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
  const ended: Answered<Asked, Read<Reply>>[] = [];
  let wake = () => {};
  let open = 0;
  let index = 0;
  const rest = questions[Symbol.iterator]();
  const next = () => {
    const taken = rest.next();
    if (taken.done) return false;
    const question = taken.value;
    const at = { question, index: (index += 1) - 1 };
    open += 1;
    const end = (what: { reply: Read<Reply> } | { error: unknown }) => {
      open -= 1;
      ended.push({ ...at, ...what });
      wake();
    };
    ask(question, { ...options, signal: either }).then(
      (reply) => end({ reply }),
      (error: unknown) => end({ error }),
    );
    return true;
  };
  try {
    for (;;) {
      // A result that has not been read also counts as in flight.
      while (!either.aborted && open + ended.length < concurrency && next());
      const first = ended.shift();
      if (first) yield first;
      else if (open === 0) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    giveUp.abort(new Error("nobody reads the answers any more"));
  }
}
