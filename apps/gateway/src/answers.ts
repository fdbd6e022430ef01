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

/** An open question, and the number of callers that wait for its answer. */
interface Flight {
  readonly answer: Promise<Answer<Said>>;
  readonly giveUp: AbortController;
  waiting: number;
}

/** Validity of a list of stations, in milliseconds. It changes only when servers of another version replace the old ones. */
const lasting = 300_000;

type Ask<Content extends Said> = (options: AskOptions) => Promise<Answer<Content>>;

/** Asks farms. Equal questions at the same time are one message. An answer is cached until it may change. */
export class Answers {
  readonly #brokerOf: (state: StateName) => Broker;
  readonly #options: AnswersOptions;
  readonly #flights = new Map<string, Flight>();
  /** Controllers of flights that nobody cancelled. They are used again, because making one takes 6 µs. */
  readonly #spare: AbortController[] = [];
  readonly #kept: LRUCache<string, Answer<Said>> | undefined;

  /** @param brokerOf returns the broker of a state, and throws while it is not connected */
  constructor(brokerOf: (state: StateName) => Broker, options: AnswersOptions) {
    this.#brokerOf = brokerOf;
    this.#options = options;
    if (options.entries > 0) this.#kept = new LRUCache({ max: options.entries });
  }

  /**
   * @param signal cancels the question for this caller, and on the wire if nobody else waits for its answer
   * @throws {Problem} if the farm refuses, or too many questions are open
   * @throws the errors of `broker.ask`
   */
  to(state: StateName, request: Request, signal: AbortSignal, trace: TraceHeaders = {}): Promise<Answer> {
    const now = new Date();
    return this.#shared(state, nameOf(state, request, now), signal, async (options) => {
      const reply = answered(
        await this.#brokerOf(state).ask(forecastFrom(state), request, { ...options, trace }),
      );
      return new Answer(reply, changeOf(state, request, reply, now));
    });
  }

  /** The stations of a farm. @throws as {@link to} does */
  stations(state: StateName, signal: AbortSignal): Promise<Answer<Stations>> {
    return this.#shared(state, `${state} stations`, signal, async (options) => {
      const reply = await this.#brokerOf(state).ask(stationsOf(state), { kind: "stations" }, options);
      if (reply.outcome === "refused") throw refused(reply);
      return new Answer(reply, Date.now() + lasting);
    });
  }

  /** @param key a key of the question. It determines the type of the answer */
  async #shared<Content extends Said>(
    state: StateName,
    key: string,
    signal: AbortSignal,
    ask: Ask<Content>,
  ): Promise<Answer<Content>> {
    signal.throwIfAborted();
    const kept = this.#kept?.get(key) as Answer<Content> | undefined;
    if (kept && kept.until > Date.now()) return kept;
    const flight = this.#flights.get(key) ?? this.#begin(state, key, ask);
    flight.waiting += 1;
    const answer = flight.answer as Promise<Answer<Content>>;
    return new Promise((resolve, reject) => {
      const leave = () => {
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          // A new caller begins another question.
          this.#forget(key, flight);
          flight.giveUp.abort(signal.reason);
        }
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", leave, { once: true });
      answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
    });
  }

  #begin(state: StateName, key: string, ask: Ask<Said>): Flight {
    const leave = this.#options.open.begin([state]);
    const giveUp = this.#spare.pop() ?? new AbortController();
    const { deadline } = this.#options;
    const answer = ask({ deadline, signal: giveUp.signal, together: true })
      .then((answer) => this.#keep(key, answer))
      .finally(() => {
        leave();
        this.#forget(key, flight);
        if (!giveUp.signal.aborted) this.#spare.push(giveUp);
      });
    const flight: Flight = { answer, giveUp, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  /** Another flight may have begun under the same key after this one was cancelled. */
  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  #keep(key: string, answer: Answer<Said>): Answer<Said> {
    this.#kept?.set(key, answer);
    return answer;
  }
}

const fields = Object.keys(requestSchema.shape) as (keyof Request)[];

/** A key of everything that determines the reply. A request without a start gets today's date in its key. */
function nameOf(state: StateName, request: Request, now: Date): string {
  const { start = dateIn(state, now), ...rest } = forecastFrom(state).request.parse(request);
  const read: Request = { start, ...rest };
  return `${state} ${JSON.stringify(fields.map((field) => read[field]))}`;
}
