// The only file that knows the names of the headers that describe a failure or earlier tries.

/** Headers that a server writes when it publishes a request again, or as a dead letter. */
export const ownHeader = {
  /** Tries that failed, and servers that were lost while they held the request. */
  tried: "x-tried",
  lost: "x-lost",
  /**
   * When the request expires, in milliseconds since 1970 by the servers' clocks. RabbitMQ removes the expiration of a message
   * that it moves from a retry queue to the request queue, and each queue counts an expiration from the start.
   */
  expiresAt: "x-expires-at",
  /** Exchange, routing key and expiration of the first publication. */
  exchange: "x-original-exchange",
  routingKey: "x-original-routing-key",
  expiration: "x-original-expiration",
  /** The queue in which the request waited. */
  queue: "x-original-queue",
  reason: "x-failure-reason",
  message: "x-failure-message",
  failedAt: "x-failed-at",
  attempts: "x-attempts",
  /** What AMQP could not carry again. */
  notCopied: "x-not-copied",
} as const;

const own = new Set<string>(Object.values(ownHeader));

/** The broker's own header of a dead letter (rabbitmq.com/docs/dlx). */
export const brokersDeaths = "x-death";

/** Other headers of the broker about a dead letter, and those of later versions of this library. */
const ofTheFailure =
  /^x-(failure-|original-|death$|first-death-|last-death-|delivery-count$|acquired-count$)/;

type Headers = Readonly<Record<string, unknown>>;

/** The headers that a request's sender has written, without those that only servers and the broker write. */
export const sentHeaders = (headers: Headers = {}): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name) && !ofTheFailure.test(name)));
