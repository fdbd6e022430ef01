import { InputError, FieldError, type Refusal } from "@weather/contracts";
import {
  AccessRefusedError,
  AnswerTimeoutError,
  BrokerUnreachableError,
  ClosedError,
  NoServersError,
  TooManyRequestsError,
  ValidationError,
  type QueueCounts,
} from "@weather/queue-binding";

/** An error of an HTTP request, as RFC 9457 (problem details) describes it. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly title: string;
  /** Members in addition to those of the RFC. */
  readonly more: ProblemMembers;
  /** Seconds after which the client may ask again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, title: string, detail: string, more: ProblemMembers = {}, retryAfter?: number) {
    // A stack trace would say nothing, and take a tenth of the time in which an overloaded gateway refuses a request.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail);
    Error.stackTraceLimit = stackTraceLimit;
    this.status = status;
    this.title = title;
    this.more = more;
    this.retryAfter = retryAfter;
  }
}

interface ProblemMembers {
  /** The fields that are wrong. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** What to try. */
  readonly advice?: string;
  /** Reason of the farm's refusal: `overloaded`, `failed`, … */
  readonly reason?: string;
  /** Counts of the queue of a farm that did not answer. */
  readonly counts?: QueueCounts;
}

/** The body of a problem. @param id correlation id, as in the log */
export const bodyOf = ({ status, title, message, more }: Problem, id: string) => ({
  type: "about:blank",
  status,
  title,
  detail: message,
  correlationId: id,
  ...more,
});

const advice = {
  servers: "Start its servers: `npm run farm`, or `docker compose up`.",
  broker: "The gateway connects again by itself as soon as the broker answers.",
  later: "Ask again later, or start more servers of this state.",
};

export const stopping = () => new Problem(503, "Stopping", "this gateway stops: another one answers", {}, 1);

const noBroker = "the broker does not answer";
const notAllowed = "the broker refuses what this gateway asks: the gateway's log says why";

/** A farm's refusal as a problem. */
export function refused({ reason, message, details }: Refusal): Problem {
  switch (reason) {
    case "invalid-request":
      return new Problem(422, "Refused", message, { reason, errors: details });
    case "unknown-station":
      return new Problem(404, "No such station", message, { reason });
    case "overloaded":
      return new Problem(503, "Overloaded", message, { reason, advice: advice.later }, 1);
    case "unsupported-version":
      return new Problem(502, "The farm is older than the gateway", message, { reason });
    case "failed":
      return new Problem(502, "The farm failed", message, { reason });
  }
}

/** A list may have a thousand wrong questions: `errors` names each. */
const shortened = (text: string) => (text.length > 500 ? `${text.slice(0, 499)}…` : text);

/** An error as a problem. @returns nothing for an unexpected error */
export function problemFrom(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof FieldError) {
    const { message, issues } = error;
    return new Problem(422, "Refused", shortened(message), { errors: issues });
  }
  if (error instanceof InputError) return new Problem(400, "Bad request", error.message);
  if (error instanceof NoServersError) {
    const { message, counts } = error;
    return new Problem(
      503,
      "Nobody serves",
      message,
      { advice: advice.servers, ...(counts && { counts }) },
      5,
    );
  }
  // The messages of these two name the broker's address, user or queues. They are for the log.
  if (error instanceof BrokerUnreachableError) {
    return new Problem(503, "No broker", noBroker, { advice: advice.broker }, 2);
  }
  if (error instanceof TooManyRequestsError) {
    return new Problem(503, "Overloaded", error.message, { advice: advice.later }, 1);
  }
  if (error instanceof ClosedError) return stopping();
  if (error instanceof AccessRefusedError) return new Problem(502, "Not allowed", notAllowed);
  if (error instanceof AnswerTimeoutError) {
    const { message, counts } = error;
    return new Problem(504, "No answer in time", message, counts && { counts });
  }
  if (error instanceof ValidationError && error.what === "request") {
    return new Problem(422, "Refused", error.message, { errors: error.issues });
  }
  if (error instanceof ValidationError) {
    return new Problem(502, "The reply does not fit", error.message, {
      advice: "Gateway and servers are of different versions: upgrade the older one.",
    });
  }
  return undefined;
}
