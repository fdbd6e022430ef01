import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { context as tracing, ROOT_CONTEXT, type Context } from "@opentelemetry/api";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ConsumeMessage, Message as Returned } from "amqplib";
import { contentType, decode, encode } from "../wire/body.ts";
import { cancel } from "../server/cancellations.ts";
import type { Connection } from "../connection/connection.ts";
import { validate, type Conversation, type Read, type Written } from "../conversation.ts";
import { TimerWheel, tick } from "../timer-wheel.ts";
import { missingOf, type Properties } from "../wire/properties.ts";
import {
  AccessRefusedError,
  ClosedError,
  AnswerTimeoutError,
  BrokerUnreachableError,
  NoServersError,
  type QueueCounts,
} from "../errors.ts";
import { RecoveringChannel, type AmqpException } from "../connection/recovering-channel.ts";
import type { Headers, ChannelWriter } from "../wire/channel-writer.ts";
import { batched, partsOf, split, understands, understandsBatches } from "../wire/batch.ts";
import { Signals } from "./signals.ts";
import { withTrace } from "../wire/trace-context.ts";
import { versionHeader } from "../wire/version.ts";

export interface AskOptions {
  /**
   * How long the answer may take, in milliseconds, from the call, at most 24 days. The broker drops the request after it.
   * @default 10000
   */
  deadline?: number;
  /** Gives the request up: the promise rejects with the signal's reason, and no server begins to work on it. */
  signal?: AbortSignal;
}

export interface GatherOptions extends AskOptions {
  /** Replies that are enough. @default all that come by the deadline */
  count?: number;
}

/** One of several replies to one message: it has either a reply or, where it does not fit, an error. */
export interface Gathered<Reply> {
  readonly reply?: Reply;
  readonly error?: unknown;
}

/** A message that several may answer. */
interface Gathering {
  readonly take: (content: Buffer) => void;
  readonly fail: (error: unknown) => void;
}

export interface RequestClientOptions {
  /** Requests on their way at once; further ones wait in this process, in order. @default 1024 */
  maxInFlight?: number;
  /**
   * How long a queue that had servers may be without before its requests fail, in milliseconds: long enough for a
   * restart of servers or broker. A queue that never had any fails at once. @default 10000
   */
  serverAbsence?: number;
}

interface Pending {
  readonly id: string;
  readonly conversation: Conversation;
  readonly queue: QueueState;
  readonly body: string;
  /** Milliseconds that the caller allows. */
  readonly deadline: number;
  /** In milliseconds of `performance.now()`. */
  readonly expires: number;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
  /** The trace that it belongs to. */
  readonly context: Context;
  bucket: number;
  /** Whether it may travel with others. */
  readonly together: boolean;
  /** The message that it last travelled in with others. */
  batch: string | undefined;
  /** When it was last given to the broker, in milliseconds of `performance.now()`; 0 while it waits here. */
  sent: number;
}

/** What is known of a queue. Times are in milliseconds of `performance.now()`. */
interface QueueState {
  /** Whether its servers have said that they understand batches, or have shown that they do not. */
  batches: boolean | undefined;
  /** How many servers it last had. */
  servers: number;
  /** When it last showed a server; -Infinity: never yet. */
  seen: number;
  /** When the newest request that it has answered was sent. */
  answered: number;
}

/** What is published: a request, and how long it is of use, in milliseconds. */
interface Message {
  readonly id: string;
  readonly conversation: Pick<Conversation, "exchange" | "routingKey" | "version">;
  readonly body: string;
  readonly expiration: number;
  readonly context: Context;
  /** Beside those that every request has. */
  readonly headers?: Headers | undefined;
}

/** Whether they may travel in one message: one queue, one contract, one trace, and an end within one tick. */
const goTogether = (one: Pending, other: Pending) =>
  Math.abs(one.expires - other.expires) <= tick &&
  one.context === other.context &&
  (["queue", "exchange", "routingKey", "version"] as const).every(
    (name) => one.conversation[name] === other.conversation[name],
  );

const replyQueue = "amq.rabbitmq.reply-to";

/** In milliseconds: as long as Node's timers can wait. */
const longestDeadline = 2 ** 31 - 1;

/** RabbitMQ closes the channel, and so fails all other requests, for an expiration that it cannot take. */
function checkDeadline(deadline: number): void {
  if (deadline <= longestDeadline) return;
  throw new RangeError(`a deadline is at most ${longestDeadline} ms, got ${deadline}`);
}

/** Looks at the queues of unanswered requests this often, in milliseconds. */
const watchInterval = 1_000;

/** Asks, and settles every promise: with the reply, or with one of few errors. */
export class RequestClient {
  readonly #connection: Connection;
  readonly #maxInFlight: number;
  readonly #serverAbsence: number;
  /** Makes ids unique among all clients; short, because they travel twice. */
  readonly #prefix = randomBytes(9).toString("base64url");
  /** With it begin the ids of messages of many. */
  readonly #ofBatches = `${this.#prefix}+`;
  #count = 0;
  readonly #opened: Promise<void>;
  #channel: RecoveringChannel | undefined;
  /** What the channel sends; nothing while there is none. */
  #writer: ChannelWriter | undefined;
  #refused: AccessRefusedError | undefined;
  #drained: Promise<void> | undefined;
  /** Every unsettled request. */
  readonly #pending = new Map<string, Pending>();
  readonly #gatherings = new Map<string, Gathering>();
  /** Those of them that wait for a place in flight. */
  readonly #waiting = new Set<Pending>();
  readonly #deadlines = new TimerWheel<Pending>((pending) => void this.#expire(pending));
  readonly #signals = new Signals<Pending>((pending, reason) => this.#abort(pending, reason));
  /** Those that wait for the end of this turn, to travel together. */
  #together: Pending[] = [];
  readonly #queues = new Map<string, QueueState>();
  #watch: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(connection: Connection, { maxInFlight = 1024, serverAbsence = 10_000 }: RequestClientOptions) {
    this.#connection = connection;
    this.#maxInFlight = maxInFlight;
    this.#serverAbsence = serverAbsence;
    this.#opened = this.#open();
  }

  /** Opens the channel on which requests go out and replies come in. What is asked meanwhile waits for it. */
  async #open(): Promise<void> {
    try {
      this.#channel = await RecoveringChannel.open(this.#connection, {
        purpose: "requests and their replies",
        setUp: async (channel) => {
          channel.on("return", (message: Returned) => this.#returned(message));
          // Direct reply-to is consumed on the channel that publishes, without acknowledgements.
          await channel.consume(replyQueue, (message) => message && this.#replied(message), { noAck: true });
        },
        ready: (writer) => this.#sendAll((this.#writer = writer)),
        lost: (reason) => {
          this.#writer = undefined;
          this.#lost(reason);
        },
      });
    } catch (error) {
      this.#refused = error as AccessRefusedError;
      for (const pending of this.#pending.values()) this.#fail(pending, error);
    }
  }

  /**
   * @param together whether it may travel in one message with others of this turn, where the servers understand that
   * @throws {ValidationError} if the request does not fit, before it is sent, or if the reply does not
   * @throws {NoServersError} if no queue takes the request, or no server listens to its queue
   * @throws {AnswerTimeoutError} if there is no reply by the deadline
   * @throws {BrokerUnreachableError} if there is no broker by the deadline
   * @throws {AccessRefusedError} if the broker does not let this user send the request
   * @throws {ClosedError} if the client is draining
   * @throws {RangeError} if the deadline is no time, or a name is longer than AMQP can carry, 255 bytes
   */
  ask<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Conversation<Request, Reply>,
    request: Written<Request>,
    { deadline = 10_000, signal }: AskOptions = {},
    together = false,
  ): Promise<Read<Reply>> {
    return new Promise((resolve, reject) => {
      if (this.#drained) throw new ClosedError("this connection is drained: connect anew to ask");
      if (this.#refused) throw this.#refused;
      signal?.throwIfAborted();
      checkDeadline(deadline);
      validate("request", conversation.request, request);
      const pending: Pending = {
        id: `${this.#prefix}:${(this.#count += 1)}`,
        conversation,
        queue: this.#queues.get(conversation.queue) ?? this.#meet(conversation.queue),
        body: encode(request),
        deadline,
        expires: performance.now() + deadline,
        resolve,
        reject,
        signal,
        context: tracing.active(),
        bucket: 0,
        together,
        batch: undefined,
        sent: 0,
      };
      // Registered before it is published: a reply never finds nobody.
      this.#pending.set(pending.id, pending);
      pending.bucket = this.#deadlines.add(pending, pending.expires);
      if (signal) this.#signals.add(pending, signal);
      this.#watch ??= setInterval(() => this.#lookAtQueues(), watchInterval).unref();
      if (this.#inFlight < this.#maxInFlight) this.#send(pending);
      else this.#waiting.add(pending);
    });
  }

  /**
   * Sends one message to all who listen to its routing key, and gives every reply until there are enough of them, the
   * deadline has come, or the signal aborts; the last two are an end as any other. It is sent once: what a lost
   * connection takes with it is not asked for again.
   *
   * @throws {ValidationError} if the request does not fit
   * @throws {NoServersError} if no queue takes it
   * @throws {BrokerUnreachableError} if there is no broker at present
   * @throws {AccessRefusedError} if the broker does not let this user send it
   * @throws {ClosedError} if the client is draining
   * @throws {RangeError} if the deadline is no time
   */
  async *gather<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Pick<
      Conversation<Request, Reply>,
      "exchange" | "routingKey" | "request" | "reply" | "version"
    >,
    request: Written<Request>,
    { deadline = 10_000, count = Infinity, signal }: GatherOptions = {},
  ): AsyncGenerator<Gathered<Read<Reply>>, void, undefined> {
    if (this.#drained) throw new ClosedError("this connection is drained: connect anew to ask");
    checkDeadline(deadline);
    validate("request", conversation.request, request);
    if (signal?.aborted) return;
    const id = `${this.#prefix}:${(this.#count += 1)}`;
    const come: Gathered<Read<Reply>>[] = [];
    let failure: { error: unknown } | undefined;
    let over = false;
    let wake = () => {};
    const end = () => ((over = true), wake());
    this.#gatherings.set(id, {
      take: (content) => {
        try {
          come.push({ reply: validate("reply", conversation.reply, decode("reply", content)) });
        } catch (error) {
          come.push({ error });
        }
        wake();
      },
      fail: (error) => ((failure = { error }), wake()),
    });
    const timer = setTimeout(end, deadline);
    signal?.addEventListener("abort", end, { once: true });
    try {
      await this.#opened;
      if (this.#refused) throw this.#refused;
      const writer = this.#writer;
      if (!writer)
        throw new BrokerUnreachableError(`there is no broker at ${this.#connection.address} at present`);
      const context = tracing.active();
      this.#publish(writer, { id, conversation, body: encode(request), expiration: deadline, context });
      for (let given = 0; given < count; given += 1) {
        while (come.length === 0 && !over && !failure) await new Promise<void>((resolve) => (wake = resolve));
        const next = come.shift();
        if (next) yield next;
        else if (failure) throw failure.error;
        else return;
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      this.#gatherings.delete(id);
    }
  }

  /** Waits for what was asked, at most so long, in milliseconds: then what is left fails with a `ClosedError`. */
  drain(timeout = 25_000): Promise<void> {
    return (this.#drained ??= this.#drain(timeout));
  }

  async #drain(timeout: number): Promise<void> {
    const closed = new ClosedError("this connection is drained: no more replies come");
    for (const gathering of this.#gatherings.values()) gathering.fail(closed);
    if (this.#pending.size > 0) {
      const idle = new Promise<void>((resolve) => (this.#idle = resolve));
      await Promise.race([idle, pause(timeout, undefined, { ref: false })]);
    }
    const unanswered = this.#pending.size;
    if (unanswered > 0)
      this.#connection.log.warn({ unanswered }, "draining took too long: requests are given up");
    // Those that wait for a place first, so that none of them is sent now.
    for (const pending of [...this.#waiting, ...this.#pending.values()]) this.#fail(pending, closed);
    await this.#channel?.close();
  }

  get #inFlight() {
    return this.#pending.size - this.#waiting.size;
  }

  #send(pending: Pending, writer = this.#writer): void {
    if (!writer) return; // `#sendAll` sends it as soon as there is one
    this.#try([pending], () => {
      if (pending.together && pending.queue.batches) {
        if (this.#together.length === 0) writer.soon(() => this.#sendTogether(writer));
        this.#together.push(pending);
      } else this.#sendOne(pending, writer);
    });
  }

  #sendOne(pending: Pending, writer: ChannelWriter): void {
    const { id, conversation, body, expires, context } = pending;
    pending.sent = performance.now();
    pending.batch = undefined;
    const headers = pending.together ? understands : undefined;
    this.#publish(writer, { id, conversation, body, expiration: expires - pending.sent, context, headers });
  }

  /** Sends what waited for the end of this turn. */
  #sendTogether(writer: ChannelWriter): void {
    const groups: Pending[][] = [];
    for (const pending of this.#together) {
      if (!this.#pending.has(pending.id)) continue; // settled meanwhile
      const group = groups.find(([first]) => first && goTogether(first, pending));
      if (group) group.push(pending);
      else groups.push([pending]);
    }
    this.#together = [];
    for (const group of groups) {
      const { queue } = group[0] as Pending;
      for (const parts of split(group, queue.servers)) {
        this.#try(parts, () => this.#sendBatch(parts, writer));
      }
    }
  }

  #sendBatch(parts: readonly Pending[], writer: ChannelWriter): void {
    const [first] = parts as [Pending];
    if (parts.length === 1) return this.#sendOne(first, writer);
    const now = performance.now();
    const id = `${this.#ofBatches}${(this.#count += 1)}`;
    for (const pending of parts) {
      pending.sent = now;
      pending.batch = id;
    }
    // The broker drops all of them when the first one's time is over: the others' is, within a tick.
    const expiration = Math.min(...parts.map(({ expires }) => expires)) - now;
    const { conversation, context } = first;
    this.#publish(writer, { id, conversation, expiration, context, ...batched(parts) });
  }

  #try(pendings: readonly Pending[], send: () => void): void {
    try {
      send();
    } catch (error) {
      for (const pending of pendings) {
        // A name that AMQP cannot carry; else the channel closed in this turn, and its successor sends it.
        if (error instanceof RangeError) this.#fail(pending, error);
        else pending.sent = 0;
      }
    }
  }

  #publish(writer: ChannelWriter, { id, conversation, body, expiration, context, headers }: Message): void {
    const { exchange, routingKey } = conversation;
    const version = versionHeader(conversation);
    const envelope = {
      exchange,
      routingKey,
      mandatory: true,
      replyTo: replyQueue,
      correlationId: id,
      contentType,
      expiration: String(Math.max(0, Math.ceil(expiration))),
      headers: headers ? { ...version, ...headers } : version,
    };
    // It may be sent long after it was asked, and again after a reconnection.
    if (context === ROOT_CONTEXT) return writer.publish(envelope, body);
    tracing.with(context, () => writer.publish({ ...envelope, headers: withTrace(envelope.headers) }, body));
  }

  /** Sends what has no answer, on a new channel: replies to the last one are lost. */
  #sendAll(writer: ChannelWriter): void {
    for (const pending of this.#pending.values()) {
      if (!this.#waiting.has(pending)) this.#send(pending, writer);
    }
  }

  #replied(message: ConsumeMessage): void {
    const { properties, content } = message;
    const { correlationId: id = "" } = properties as Properties;
    const missing = missingOf(properties);
    if (missing !== undefined) {
      // No server of this library sends such a reply; the one that is waited for may still come.
      this.#connection.log.warn({ id, missing }, "ignored a reply that cannot be read");
      return;
    }
    const parts = partsOf("reply", message);
    const gathering = this.#gatherings.get(id);
    if (parts) for (const [id, value] of parts) this.#settle(id, properties, () => value);
    else if (gathering) gathering.take(content);
    else if (id.startsWith(this.#ofBatches)) this.#sendApart(id);
    else this.#settle(id, properties, () => decode("reply", content));
  }

  #settle(id: string, properties: Properties, read: () => unknown): void {
    const pending = this.#pending.get(id);
    if (!pending) {
      // Late, doubled, or not ours: its request was settled in another way.
      this.#connection.log.debug({ id }, "a reply that nobody waits for");
      return;
    }
    const { queue } = pending;
    queue.seen = performance.now();
    queue.answered = Math.max(pending.sent, queue.answered);
    if (pending.together && queue.batches === undefined && understandsBatches(properties))
      queue.batches = true;
    try {
      const reply = validate("reply", pending.conversation.reply, read());
      if (this.#remove(pending)) pending.resolve(reply);
    } catch (error) {
      this.#fail(pending, error);
    }
  }

  /** A server took a batch for one request: its queue gets no more of them. */
  #sendApart(id: string): void {
    for (const pending of this.#ofMessage(id)) {
      pending.queue.batches = false;
      this.#send(pending);
    }
  }

  /** What travelled in this message and waits for its answer. */
  #ofMessage(id: string): Pending[] {
    const pending = this.#pending.get(id);
    if (pending) return [pending];
    if (!id.startsWith(this.#ofBatches)) return [];
    return [...this.#pending.values()].filter(({ batch }) => batch === id);
  }

  #returned({ properties, fields }: Returned): void {
    const id = (properties as Properties).correlationId ?? "";
    const why = `nobody serves ${fields.routingKey}: no queue is bound to ${fields.exchange} for it`;
    this.#gatherings.get(id)?.fail(new NoServersError(why));
    for (const pending of this.#ofMessage(id)) this.#fail(pending, new NoServersError(why));
  }

  #lost(reason: AmqpException | undefined): void {
    this.#together = [];
    for (const pending of this.#pending.values()) pending.sent = 0;
    for (const queue of this.#queues.values()) {
      queue.answered = 0;
      // Servers, too, need a while to come back.
      if (queue.seen > 0) queue.seen = performance.now();
    }
    const refusal =
      reason && new AccessRefusedError(`the broker refuses a message: ${reason.message}`, { cause: reason });
    if (refusal) for (const gathering of this.#gatherings.values()) gathering.fail(refusal);
    if (!reason) return;
    // The broker closed the channel because of one request, and does not say which; but it names the exchange.
    for (const pending of this.#pending.values()) {
      const { exchange, routingKey } = pending.conversation;
      if (!reason.message.includes(`'${exchange}'`)) continue;
      if (reason.code === 404) {
        this.#fail(
          pending,
          new NoServersError(`nobody serves ${routingKey}: there is no exchange ${exchange}`),
        );
      } else {
        const message = `the broker refuses a request to ${routingKey} on ${exchange}: ${reason.message}`;
        this.#fail(pending, new AccessRefusedError(message, { cause: reason }));
      }
    }
  }

  async #expire(pending: Pending): Promise<void> {
    if (!this.#remove(pending)) return;
    const { conversation, queue, sent, deadline } = pending;
    const waited = `${deadline / 1_000} s`;
    if (!this.#connection.connected) {
      const message = `${conversation.routingKey} was not asked: no broker answered at ${this.#connection.address} within ${waited}`;
      pending.reject(new BrokerUnreachableError(message));
      return;
    }
    const { blocked } = this.#connection;
    const counts = await this.#connection.counts(conversation.queue);
    const why = blocked
      ? `the broker takes no messages at present (${blocked})`
      : sent === 0
        ? `the request was never sent: ${this.#maxInFlight} others were in flight`
        : whatIsKnown(conversation.queue, counts, sent < queue.answered);
    pending.reject(
      new AnswerTimeoutError(`${conversation.routingKey} did not answer within ${waited}: ${why}`, counts),
    );
  }

  #lookAtQueues(): void {
    if (this.#pending.size === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
    }
    const now = performance.now();
    const queues = new Set<string>();
    for (const { conversation, queue, sent, batch } of this.#pending.values()) {
      const silent = Math.min(now - sent, now - queue.seen) >= watchInterval;
      // Batches are made for as many servers as there are.
      if (sent > 0 && (silent || batch !== undefined)) queues.add(conversation.queue);
    }
    for (const name of queues) void this.#lookAt(name);
  }

  #meet(name: string): QueueState {
    const queue = { batches: undefined, servers: 1, seen: -Infinity, answered: 0 };
    this.#queues.set(name, queue);
    void this.#lookAt(name);
    return queue;
  }

  /** Fails the requests to a queue that nobody serves, unless its servers have been there a moment ago. */
  async #lookAt(name: string): Promise<void> {
    const counts = await this.#connection.counts(name);
    const queue = this.#queues.get(name);
    if (!counts || !queue) return; // no queue: the broker returns each request; no broker: it will be back, or the deadline comes
    const now = performance.now();
    queue.servers = counts.servers;
    if (counts.servers > 0) {
      queue.seen = now;
      return;
    }
    if (now - queue.seen < this.#serverAbsence) return;
    const message = `nobody serves ${name}: the queue is there (${counts.waiting} waiting), but no server listens to it`;
    for (const pending of this.#pending.values()) {
      if (pending.queue === queue && pending.sent > 0) {
        this.#fail(pending, new NoServersError(message, counts));
      }
    }
  }

  #abort(pending: Pending, reason: unknown): void {
    const writer = this.#writer;
    if (writer && pending.sent > 0) {
      try {
        cancel(writer, pending.conversation, pending.id);
      } catch {
        // The channel closed in this turn: its answer will be computed in vain.
      }
    }
    this.#fail(pending, reason);
  }

  #fail(pending: Pending, error: unknown): void {
    if (this.#remove(pending)) pending.reject(error);
  }

  /** Forgets a request, and gives its place to the next. @returns false if it was settled before */
  #remove(pending: Pending): boolean {
    if (!this.#pending.delete(pending.id)) return false;
    this.#waiting.delete(pending);
    this.#deadlines.delete(pending, pending.bucket);
    if (pending.signal) this.#signals.delete(pending, pending.signal);
    for (const next of this.#waiting) {
      if (this.#inFlight >= this.#maxInFlight) break;
      this.#waiting.delete(next);
      this.#send(next);
    }
    if (this.#pending.size === 0) this.#idle?.();
    return true;
  }
}

/** @param overtaken whether the queue, which is first in, first out, has answered a request that was sent later */
function whatIsKnown(queue: string, counts: QueueCounts | undefined, overtaken: boolean): string {
  const taken = overtaken ? "a server had taken it (later ones were answered); " : "";
  if (!counts) return `${taken}the broker did not say how ${queue} stands`;
  const { waiting, servers } = counts;
  const place =
    waiting > 0 ? "it was probably still waiting; " : "a server had taken it, or it expired in the queue; ";
  return (
    (taken || place) +
    `${servers} ${servers === 1 ? "server listens" : "servers listen"} to ${queue}, ` +
    `${waiting} ${waiting === 1 ? "request waits" : "requests wait"} in it. ` +
    `${servers > 0 ? "Start more servers, or allow more time" : "Start a server"}.`
  );
}
