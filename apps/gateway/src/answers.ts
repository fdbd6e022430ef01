import {
  dateIn,
  forecastFrom,
  request as requestSchema,
  stationsOf,
  type Request,
  type StateName,
  type Stations,
} from "@weather/contracts";
import type { AskOptions, Broker, TraceHeaders } from "@weather/queue-binding";
import { LRUCache } from "lru-cache";
import { Answer, answered, type Said } from "./answer.ts";
import type { OpenQuestions } from "./open-questions.ts";
import { refused } from "./problem.ts";
import { changeOf } from "./validity.ts";

interface AnswersOptions {
  /** How long a farm may take to answer, in milliseconds. */
  readonly deadline: number;
  /** Questions that wait for farms. */
  readonly open: OpenQuestions;
  /** Answers to keep; 0 for none. */
  readonly entries: number;
}

/** An open question, and those who wait for its answer. */
interface Flight {
  readonly key: string;
  readonly giveUp: AbortController;
  readonly callers: Caller[];
}

interface Caller {
  readonly flight: Flight;
  readonly resolve: (answer: Answer<Said>) => void;
  readonly reject: (error: unknown) => void;
  /** All that have the same signal. */
  readonly together: Caller[];
}

/** Validity of a list of stations, in milliseconds. It changes only when servers of another version replace the old ones. */
const lasting = 300_000;

/** Memory of kept answers, in bytes: a farm's server may write replies of any length. */
const maxSize = 16 * 1024 * 1024;

type Ask<Content extends Said> = (options: AskOptions) => Promise<Answer<Content>>;

/** Asks farms. Equal questions at the same time are one message. An answer is cached until it may change. */
export class Answers {
  readonly #brokerOf: (state: StateName) => Broker;
  readonly #options: AnswersOptions;
  readonly #flights = new Map<string, Flight>();
  /** Controllers of flights that nobody cancelled. They are used again, because making one takes 6 µs. */
  readonly #spare: AbortController[] = [];
  /** Those who wait, by their signal. They share one listener, because each one takes 3 µs. */
  readonly #callers = new WeakMap<AbortSignal, Caller[]>();
  readonly #kept: LRUCache<string, Answer<Said>> | undefined;

  /** @param brokerOf returns the broker of a state, and throws while it is not connected */
  constructor(brokerOf: (state: StateName) => Broker, options: AnswersOptions) {
    this.#brokerOf = brokerOf;
    this.#options = options;
    const sizeCalculation = ({ body }: Answer<Said>) => body.length;
    if (options.entries > 0) this.#kept = new LRUCache({ max: options.entries, maxSize, sizeCalculation });
  }

  /**
   * @param signal cancels the question for this caller, and on the wire if nobody else waits for its answer
   * @throws {Problem} if the farm refuses, or too many questions are open
   * @throws the errors of `broker.ask`
   */
  to(state: StateName, request: Request, signal: AbortSignal, trace: TraceHeaders = {}): Promise<Answer> {
    const now = new Date();
    return this.#shared(state, nameOf(state, request, now), signal, async (options) => {
      const { reply, body } = await withBody((onBody) =>
        this.#brokerOf(state).ask(forecastFrom(state), request, { ...options, trace, onBody }),
      );
      const said = answered(reply);
      return new Answer(body, said, changeOf(state, request, said, now));
    });
  }

  /** The stations of a farm. @throws as {@link to} does */
  stations(state: StateName, signal: AbortSignal): Promise<Answer<Stations>> {
    return this.#shared(state, `${state} stations`, signal, async (options) => {
      const { reply, body } = await withBody((onBody) =>
        this.#brokerOf(state).ask(stationsOf(state), { kind: "stations" }, { ...options, onBody }),
      );
      if (reply.outcome === "refused") throw refused(reply);
      return new Answer(body, reply, Date.now() + lasting);
    });
  }

  /** @param key a key of the question. It determines the type of the answer */
  #shared<Content extends Said>(
    state: StateName,
    key: string,
    signal: AbortSignal,
    ask: Ask<Content>,
  ): Promise<Answer<Content>> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const kept = this.#kept?.get(key) as Answer<Content> | undefined;
      if (kept && kept.until > Date.now()) return resolve(kept);
      const flight = this.#flights.get(key) ?? this.#begin(state, key, ask);
      const together = this.#callersWith(signal);
      // Equal keys have answers of the same type.
      const caller: Caller = { flight, resolve: resolve as Caller["resolve"], reject, together };
      flight.callers.push(caller);
      together.push(caller);
    });
  }

  #callersWith(signal: AbortSignal): Caller[] {
    const known = this.#callers.get(signal);
    if (known) return known;
    const callers: Caller[] = [];
    const leave = () => {
      for (const caller of callers.splice(0)) this.#leave(caller, signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#callers.set(signal, callers);
    return callers;
  }

  #leave(caller: Caller, reason: unknown): void {
    const { flight } = caller;
    remove(flight.callers, caller);
    caller.reject(reason);
    if (flight.callers.length > 0) return;
    // A new caller begins another question.
    this.#forget(flight);
    flight.giveUp.abort(reason);
  }

  #begin(state: StateName, key: string, ask: Ask<Said>): Flight {
    const leave = this.#options.open.begin([state]);
    const flight: Flight = { key, giveUp: this.#spare.pop() ?? new AbortController(), callers: [] };
    this.#flights.set(key, flight);
    const land = (settle: (caller: Caller) => void) => {
      leave();
      this.#forget(flight);
      for (const caller of flight.callers.splice(0)) {
        remove(caller.together, caller);
        settle(caller);
      }
      if (!flight.giveUp.signal.aborted) this.#spare.push(flight.giveUp);
    };
    const { deadline } = this.#options;
    ask({ deadline, signal: flight.giveUp.signal, together: true }).then(
      (answer) => {
        this.#kept?.set(key, answer);
        land(({ resolve }) => resolve(answer));
      },
      (error: unknown) => land(({ reject }) => reject(error)),
    );
    return flight;
  }

  /** Another flight may have begun under the same key after this one was cancelled. */
  #forget(flight: Flight): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
  }
}

function remove<Item>(items: Item[], item: Item): void {
  const at = items.indexOf(item);
  if (at >= 0) items.splice(at, 1);
}

/** A reply, and its body. @param ask gives the body to its argument */
async function withBody<Reply>(ask: (onBody: (body: Buffer) => void) => Promise<Reply>) {
  let body = Buffer.alloc(0);
  // A copy, because the original shares the memory of other replies.
  const reply = await ask((shared) => (body = Buffer.from(shared)));
  return { reply, body };
}

const fields = Object.keys(requestSchema.shape) as (keyof Request)[];
const defaults: Request = requestSchema.parse({});

/** A key of everything that determines the reply. A request without a start gets today's date in its key. */
function nameOf(state: StateName, request: Request, now: Date): string {
  const without: Request = { ...defaults, start: dateIn(state, now) };
  return `${state} ${JSON.stringify(fields.map((field) => request[field] ?? without[field]))}`;
}
