import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { context as tracing } from "@opentelemetry/api";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Options } from "amqplib";
import { LRUCache } from "lru-cache";
import { contentType, encode } from "../wire/body.ts";
import { Budget } from "./budget.ts";
import { Cancellations } from "./cancellations.ts";
import type { Connection } from "../connection/connection.ts";
import { validate, mayReplyTo, type Conversation, type Read, type Written } from "../conversation.ts";
import type { Delivery } from "./delivery.ts";
import { ClosedError, Empty, ValidationError, summary, type Issue } from "../errors.ts";
import { deadLetterProperties } from "../wire/dead-letter.ts";
import type { Properties } from "../wire/properties.ts";
import { isAmqpException } from "../connection/recovering-channel.ts";
import { understands, understandsBatches } from "../wire/batch.ts";
import { parseReplyAddress, type ReplyAddress } from "../wire/reply-address.ts";
import { ConfirmedPublisher, Unrouted } from "../connection/confirmed-publisher.ts";
import { Subscription } from "./subscription.ts";
import { maxAttempts } from "../connection/topology.ts";
import { replyTraceHeaders } from "../wire/trace-context.ts";
import { versionIssue } from "../wire/version.ts";

/** Why the server answers in the handler's place. */
export interface Refusal {
  readonly reason: "invalid-request" | "unsupported-version" | "failed";
  readonly message: string;
  readonly issues: readonly Issue[];
}

/** What became of one request. */
export interface Settled<Reply = unknown> {
  /** Its `correlation_id` or `message_id`. */
  readonly id: string | undefined;
  readonly routingKey: string;
  /** Which try it was, from 1. */
  readonly attempt: number;
  /** From its taking to its settlement. */
  readonly milliseconds: number;
  /**
   * - `answered`: the broker has its reply, be it the handler's or a refusal
   * - `expired`: its time was over before it was its turn; dropped
   * - `cancelled`: its caller gave it up before it was its turn; dropped
   * - `requeued`: it failed, and is tried again by whoever gets it
   * - `dead-lettered`: it was given up, and is kept as a dead letter
   * - `lost`: the channel that delivered it is gone; the broker delivers it again
   */
  readonly outcome: "answered" | "expired" | "cancelled" | "requeued" | "dead-lettered" | "lost";
  /** What was sent, if something was. */
  readonly reply?: Reply;
  /** What went wrong, if something did. */
  readonly error?: unknown;
}

/** What a handler may know of the message beside the request. */
export interface Context {
  readonly id: string | undefined;
  readonly routingKey: string;
  readonly attempt: number;
  /** Aborts when the request has had its time ({@link AnswerOptions.requestTimeout}): stop working on it. */
  readonly signal: AbortSignal;
}

export type Handler<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> = (
  request: Read<Request>,
  context: Context,
) => Written<Reply> | Promise<Written<Reply>>;

/** A cache of finished replies. */
export interface ReplyCache<Request> {
  /** Most replies to keep, the latest used, from 1. */
  entries: number;
  /**
   * Names everything that determines the reply: requests of the same name get the reply that the first one got.
   *
   * @returns nothing for a request whose reply is not to be kept
   */
  name: (request: Request) => string | undefined;
}

export interface AnswerOptions<Request, Reply> {
  /** Makes the reply to a request that does not reach the handler, or that the handler fails. */
  refuse: (refusal: Refusal) => Reply;
  /** Requests worked on at once, each by an event loop of its own. @default 8 */
  concurrency?: number;
  /** Messages that the broker may have given to this process and that are not settled, 1 to 65535. @default 64 */
  prefetch?: number;
  /**
   * How long the handler may work on one request, in milliseconds; then the try has failed. It cannot end a handler that
   * never gives the event loop back. @default 30000
   */
  requestTimeout?: number;
  /** How long an event loop waits for a request before it notes that none came, in milliseconds. @default 60000 */
  idleTimeout?: number;
  /** Largest body that is read, in bytes. @default 65536 */
  maxBody?: number;
  /**
   * How long draining may take, in milliseconds: then what is still held is left to the broker, which gives it to
   * others. @default 25000
   */
  drainTimeout?: number;
  /** Answers what was asked before with the reply of then, without its handler. @default every request is handled */
  replyCache?: ReplyCache<Request>;
  /** Told of every request, once, after it was settled. */
  onSettled?: (settled: Settled<Reply>) => void;
  /** Told when an event loop has waited for `idleTimeout` in vain. */
  onEmpty?: () => void;
}

/** How long requests that wait here may be worked on, one after the other, in milliseconds, before others have their turn. */
const longestTurn = 5;

/** A reply as it was checked, and as it is sent. */
interface Finished<Reply> {
  readonly reply: Reply;
  readonly body: string;
}

/** At once, or later. */
type Soon<Value> = Value | Promise<Value>;

type End<Reply> = Pick<Settled<Reply>, "outcome" | "reply" | "error">;

/** The event loops of one conversation's server. */
export class RequestServer<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  readonly #connection: Connection;
  readonly #conversation: Conversation<Request, Reply>;
  readonly #handler: Handler<Request, Reply>;
  readonly #options: AnswerOptions<Read<Request>, Written<Reply>>;
  readonly #cached: LRUCache<string, Finished<Written<Reply>>> | undefined;
  readonly #elsewhere: ConfirmedPublisher;
  readonly #budget: Budget;
  readonly #cancellations = new Cancellations();
  #inFlight = 0;
  /** Milliseconds of work since the event loops last left the process to others. */
  #worked = 0;
  #rest: Promise<void> | undefined;
  #subscription!: Subscription;
  #loops: Promise<void>[] = [];
  /** What is on its way back into the queue. */
  readonly #republishing = new Set<Promise<void>>();
  #drained: Promise<void> | undefined;

  constructor(
    connection: Connection,
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: AnswerOptions<Read<Request>, Written<Reply>>,
  ) {
    this.#connection = connection;
    this.#conversation = conversation;
    this.#handler = handler;
    this.#options = options;
    this.#elsewhere = new ConfirmedPublisher(connection);
    if (options.replyCache) this.#cached = new LRUCache({ max: options.replyCache.entries });
    this.#budget = new Budget(options.requestTimeout ?? 30_000);
  }

  /** Begins to take requests. */
  async start(): Promise<void> {
    const { concurrency = 8, prefetch = 64, maxBody = 65_536 } = this.#options;
    const itself = { exchange: "", routingKey: this.#conversation.queue };
    this.#subscription = await Subscription.open(this.#connection, this.#conversation, {
      prefetch,
      maxBody,
      republish: (content, properties) => {
        const done = this.#elsewhere.publish(itself, content, properties);
        this.#republishing.add(done);
        return done.finally(() => this.#republishing.delete(done));
      },
    });
    void this.#cancellations.listen(this.#connection, this.#conversation);
    this.#loops = Array.from({ length: concurrency }, () => this.#serve());
  }

  /** Whether requests can come: connected, subscribed, not draining. */
  get listening(): boolean {
    return this.#subscription.listening;
  }

  /** Requests that are worked on. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests that the broker has given to this process and that are not begun. */
  get waiting(): number {
    return this.#subscription.deliveries.length;
  }

  /** Stops taking requests, finishes those it holds, acknowledges them and closes. */
  drain(): Promise<void> {
    return (this.#drained ??= this.#finish());
  }

  async #finish(): Promise<void> {
    const { drainTimeout = 25_000 } = this.#options;
    const finished = (async () => {
      await this.#subscription.cancel();
      await Promise.all(this.#loops);
      await Promise.allSettled(this.#republishing);
      return true;
    })();
    if (!(await Promise.race([finished, pause(drainTimeout, false, { ref: false })]))) {
      const { deliveries } = this.#subscription;
      const left = { waiting: deliveries.length };
      this.#connection.log.warn(left, "draining took too long: what is left goes to other servers");
      deliveries.clear();
    }
    await this.#cancellations.close();
    await this.#elsewhere.close();
    await this.#subscription.close();
  }

  async #serve(): Promise<void> {
    const { idleTimeout = 60_000, onEmpty } = this.#options;
    const { deliveries } = this.#subscription;
    for (;;) {
      try {
        const delivery = await deliveries.get(idleTimeout);
        while (this.#worked > longestTurn) await (this.#rest ??= this.#turnOver());
        const later = tracing.with(delivery.context, this.#process, this, delivery);
        if (later) await later;
      } catch (error) {
        if (error instanceof ClosedError) return;
        // A server serves continually: when nothing came, it goes on.
        if (error instanceof Empty) onEmpty?.();
        else this.#connection.log.error({ error }, "an event loop met an unexpected error and goes on");
      }
    }
  }

  /** Others have their turn: replies are sent, signals heard, probes answered. */
  async #turnOver(): Promise<void> {
    await turn();
    this.#worked = 0;
    this.#rest = undefined;
  }

  /** Where the handler answers at once, no step of this waits for a promise. */
  #process(delivery: Delivery): void | Promise<void> {
    const began = performance.now();
    this.#inFlight += 1;
    const finish = (end: End<Written<Reply>>) => {
      const { id, attempt } = delivery;
      const { routingKey } = delivery.origin;
      const milliseconds = performance.now() - began;
      this.#worked += milliseconds;
      this.#inFlight -= 1;
      this.#options.onSettled?.({ id, routingKey, attempt, milliseconds, ...end });
    };
    const reject = (error: unknown): End<Written<Reply>> => {
      // Not even a dead letter could be written: the broker moves it to the dead letters, without our reason.
      const { id } = delivery;
      this.#connection.log.error({ id, reason: messageOf(error) }, "could not settle a request, rejected it");
      return ended(delivery.reject(), { outcome: "dead-lettered", error });
    };
    let end: Soon<End<Written<Reply>>>;
    try {
      end = this.#settle(delivery);
    } catch (error) {
      end = reject(error);
    }
    return end instanceof Promise ? end.catch(reject).then(finish) : finish(end);
  }

  #settle(delivery: Delivery): Soon<End<Written<Reply>>> {
    if (delivery.expired) return ended(delivery.acknowledge(), { outcome: "expired" });
    if (this.#cancellations.has(delivery.id)) return ended(delivery.acknowledge(), { outcome: "cancelled" });
    const { unreadable } = delivery.message.properties as Properties;
    if (unreadable !== undefined) return this.#keep(delivery, "unreadable", new Error(unreadable));
    const address = parseReplyAddress((delivery.message.properties as Properties).replyTo);
    if (!address) return this.#keep(delivery, "no-reply-to", new Error("the request has no usable reply_to"));
    if (!mayReplyTo(this.#conversation, address)) {
      const { exchange, routingKey } = address;
      const why = `replies may not go to "${routingKey}" on the exchange "${exchange}"`;
      return this.#keep(delivery, "reply-not-allowed", new Error(why));
    }
    if (delivery.attempt > maxAttempts) {
      return this.#giveUp(delivery, address, new Error(`${maxAttempts} servers died while they held it`));
    }
    const send = (finished: Finished<Written<Reply>>) => this.#send(delivery, address, finished);
    const fail = (error: unknown) => {
      if (delivery.attempt >= maxAttempts) return this.#giveUp(delivery, address, error);
      return ended(delivery.requeue(), { outcome: "requeued", error });
    };
    let finished: Soon<Finished<Written<Reply>>>;
    try {
      finished = this.#answerTo(delivery);
    } catch (error) {
      return fail(error);
    }
    return finished instanceof Promise ? finished.then(send, fail) : send(finished);
  }

  /** @throws whatever the handler throws, and a `ValidationError` if its reply does not fit */
  #answerTo(delivery: Delivery): Soon<Finished<Written<Reply>>> {
    // A newer body need not fit; what it lacks is a newer server.
    const message = versionIssue(this.#conversation, delivery.message.properties);
    if (message) return this.#refuse({ reason: "unsupported-version", message, issues: [] });
    const request = this.#read(delivery);
    if (request instanceof ValidationError) {
      const { issues } = request;
      const message = summary(issues);
      return this.#refuse({ reason: "invalid-request", message, issues });
    }
    const name = this.#options.replyCache?.name(request);
    const cached = name === undefined ? undefined : this.#cached?.get(name);
    if (cached) return cached;
    const { routingKey } = delivery.origin;
    const { id, attempt } = delivery;
    const reply = this.#budget.spend((allowance) =>
      this.#handler(request, {
        id,
        routingKey,
        attempt,
        get signal() {
          return allowance.signal;
        },
      }),
    );
    const finish = (reply: Written<Reply>) => {
      validate("reply", this.#conversation.strictReply ?? this.#conversation.reply, reply);
      const finished = { reply, body: encode(reply) };
      // A name may change while the request is handled: at midnight, if it tells the day.
      if (name !== undefined && this.#options.replyCache?.name(request) === name)
        this.#cached?.set(name, finished);
      return finished;
    };
    return reply instanceof Promise ? reply.then(finish) : finish(reply);
  }

  #refuse(refusal: Refusal): Finished<Written<Reply>> {
    const reply = this.#options.refuse(refusal);
    return { reply, body: encode(reply) };
  }

  #read(delivery: Delivery): Read<Request> | ValidationError {
    const { maxBody = 65_536 } = this.#options;
    try {
      return validate("request", this.#conversation.request, delivery.read(maxBody));
    } catch (error) {
      if (error instanceof ValidationError) return error;
      throw error;
    }
  }

  #send(
    delivery: Delivery,
    address: ReplyAddress,
    { reply, body }: Finished<Written<Reply>>,
  ): Soon<End<Written<Reply>>> {
    const { exchange, routingKey } = address;
    const { id: correlationId } = delivery;
    const { properties } = delivery.message;
    const trace = replyTraceHeaders(properties);
    const headers = understandsBatches(properties) ? { ...trace, ...understands } : trace;
    if (exchange === "") {
      // `mandatory` brings back what no queue takes: its caller has gone. RabbitMQ takes a direct reply-to for no queue,
      // and would bring back each reply that has arrived: a tenth of the throughput.
      const mandatory = !routingKey.startsWith("amq.rabbitmq.reply-to.");
      const envelope = { exchange, routingKey, mandatory, correlationId, contentType, headers };
      return ended(delivery.reply(envelope, body), { outcome: "answered", reply });
    }
    return this.#sendElsewhere(delivery, address, { reply, body }, { correlationId, contentType, headers });
  }

  async #sendElsewhere(
    delivery: Delivery,
    address: ReplyAddress,
    { reply, body }: Finished<Written<Reply>>,
    properties: Options.Publish,
  ): Promise<End<Written<Reply>>> {
    try {
      await this.#elsewhere.publish(address, Buffer.from(body), properties);
    } catch (error) {
      if (isAmqpException(error)) return this.#keep(delivery, "reply-refused", error);
      if (!(error instanceof Unrouted)) return ended(delivery.requeue(), { outcome: "requeued", error });
      this.#connection.log.debug({ reason: error.message }, "nobody waits for this reply any more");
    }
    return ended(delivery.acknowledge(), { outcome: "answered", reply });
  }

  /** Tells the caller that it failed, and keeps the request for people to look at. */
  async #giveUp(delivery: Delivery, address: ReplyAddress, error: unknown): Promise<End<Written<Reply>>> {
    const message = `given up after ${maxAttempts} tries: ${messageOf(error)}`;
    const refusal = this.#refuse({ reason: "failed", message, issues: [] });
    await this.#deadLetter(delivery, "failed", message);
    const end = await this.#send(delivery, address, refusal);
    return end.outcome === "answered" ? { outcome: "dead-lettered", reply: refusal.reply, error } : end;
  }

  async #keep(delivery: Delivery, reason: string, error: Error): Promise<End<Written<Reply>>> {
    await this.#deadLetter(delivery, reason, error.message);
    return ended(delivery.acknowledge(), { outcome: "dead-lettered", error });
  }

  async #deadLetter(delivery: Delivery, reason: string, message: string): Promise<void> {
    const { queue, deadLetter } = this.#conversation;
    const { exchange, routingKey } = delivery.origin;
    // After as many deaths, it was only taken to be given up.
    const attempts = Math.min(delivery.attempt, maxAttempts);
    const failure = { reason, message, attempts, queue, exchange, routingKey };
    const properties = deadLetterProperties(delivery.message.properties, failure);
    await this.#elsewhere.publish({ exchange: "", routingKey: deadLetter }, delivery.content, properties);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What was meant for a channel that is gone did not happen. */
const ended = <Reply>(sent: boolean, end: End<Reply>): End<Reply> =>
  sent ? end : { outcome: "lost", error: end.error };
