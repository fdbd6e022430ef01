import { setTimeout as pause } from "node:timers/promises";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkFunction, checkNumber, checkTime } from "../checks.ts";
import type { Connection } from "../connection/connection.ts";
import type { AmqpException, RecoveringChannel } from "../connection/recovering-channel.ts";
import { checkConversation, validate, type Conversation, type Read, type Written } from "../conversation.ts";
import { ClosedError, NoServersError, type AccessRefusedError } from "../errors.ts";
import { understandsBatches } from "../wire/batch.ts";
import { encode } from "../wire/body.ts";
import { cancellations } from "../wire/cancellation.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";
import { publishRequest } from "../wire/request.ts";
import { contextFrom } from "../wire/trace-context.ts";
import { CancelledRequests } from "./cancelled-requests.ts";
import { refusalOf } from "./channel-refusal.ts";
import { Gatherings, type GatherConversation } from "./gather.ts";
import {
  checkClientOptions,
  type AskOptions,
  type Gathered,
  type GatherOptions,
  type RequestClientOptions,
} from "./options.ts";
import { OpenRequests } from "./open-requests.ts";
import type { PendingRequest } from "./pending-requests.ts";
import type { QueueState } from "./queue-monitor.ts";
import { QueueWatch } from "./queue-watch.ts";
import { openRequestChannel, type IncomingReply } from "./request-channel.ts";
import { isBatchId, randomId } from "./request-ids.ts";
import { RequestSender } from "./request-sender.ts";
import { timeoutError, unreachableError } from "./timeout-error.ts";

/**
 * Sends requests, and settles each promise with the reply or with an error. The path of a request: `ask` adds it to the
 * open requests. `#send` publishes it once it is in flight, the channel is open, the broker takes messages, and a server
 * listens. `#replied` finds it by the id of the reply and settles it. Then the next request is in flight.
 */
export class RequestClient {
  readonly #connection: Connection;
  readonly #requests: OpenRequests;
  readonly #watch: QueueWatch;
  readonly #cancelled = new CancelledRequests();
  readonly #gatherings: Gatherings;
  readonly #opened: Promise<void>;
  #channel: RecoveringChannel | undefined;
  /** Writer and sender of the open channel. Nothing while there is none. */
  #writer: ChannelWriter | undefined;
  #sender: RequestSender | undefined;
  #refused: AccessRefusedError | undefined;
  #drained: Promise<void> | undefined;

  constructor(connection: Connection, options: RequestClientOptions) {
    const { limits, absences } = checkClientOptions(options);
    this.#connection = connection;
    this.#requests = new OpenRequests(limits, {
      hasPlace: (request) => this.#send(request),
      expired: (requests) => this.#expire(requests),
      aborted: (requests, reason) => this.#giveUp(requests, reason),
    });
    this.#watch = new QueueWatch(connection, this.#requests, absences, {
      served: (queue) => this.#sendAll(queue),
      unserved: (queue, error) => this.#giveUp(this.#requests.of(queue), error),
      unreachable: (error) => this.#requests.fail(this.#requests.all(), error),
      lookedAround: () => this.#tellServers(),
    });
    this.#gatherings = new Gatherings(connection.log);
    connection.onUnblocked(() => this.#sendAll());
    this.#opened = this.#open();
  }

  /** Opens the channel. Requests wait until it is open. */
  async #open(): Promise<void> {
    try {
      this.#channel = await openRequestChannel(this.#connection, {
        ready: (writer) => this.#ready(writer),
        lost: (reason) => this.#lost(reason),
        replied: (reply) => this.#replied(reply),
        returned: (id, to) => this.#returned(id, to),
      });
    } catch (error) {
      this.#refused = error as AccessRefusedError;
      this.#requests.fail(this.#requests.all(), error);
    }
  }

  /** As `Broker.ask`. */
  ask<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Conversation<Request, Reply>,
    request: Written<Request>,
    { deadline = 10_000, signal, trace, together = false, onBody }: AskOptions = {},
  ): Promise<Read<Reply>> {
    return new Promise((resolve, reject) => {
      checkConversation(conversation);
      const body = this.#bodyOf(conversation, request, deadline);
      if (onBody !== undefined) checkFunction("onBody", onBody);
      signal?.throwIfAborted();
      if (this.#watch.brokerIsGone) throw unreachableError(this.#connection);
      const pending: PendingRequest = {
        id: randomId(),
        conversation,
        queue: this.#watch.monitor.queue(conversation.queue),
        body,
        deadline,
        expires: performance.now() + deadline,
        signal,
        context: contextFrom(trace),
        together,
        batch: undefined,
        caller: { resolve, reject, onBody },
        sent: 0,
      };
      // The request is registered before it is published, so that its reply always finds it.
      this.#requests.open(pending);
      this.#watch.start();
    });
  }

  /** As `Broker.gather`. A slow reader gets the newest 1,000 replies (8 MiB), and the number of dropped ones. */
  async *gather<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: GatherConversation<Request, Reply>,
    request: Written<Request>,
    { deadline = 10_000, count = Infinity, signal, trace }: GatherOptions = {},
  ): AsyncGenerator<Gathered<Read<Reply>>, void, undefined> {
    checkNumber("count", count, { min: 1, whole: true });
    checkConversation(conversation, false);
    const body = this.#bodyOf(conversation, request, deadline);
    const send = async (id: string) => {
      await this.#opened;
      // The broker closes the channel because of another request that it refuses.
      if (!this.#writer && this.#connection.connected) {
        await Promise.race([this.#channel?.opened(), pause(deadline, undefined, { ref: false })]);
      }
      const message = { id, conversation, body, expiration: deadline, context: contextFrom(trace) };
      publishRequest(this.#writerNow(), message);
    };
    yield* this.#gatherings.gather(conversation, send, { deadline, count, signal });
  }

  /** Waits for the replies. @param timeout milliseconds after which unanswered requests fail with a `ClosedError` */
  drain(timeout = 25_000): Promise<void> {
    return (this.#drained ??= this.#drain(timeout));
  }

  async #drain(timeout: number): Promise<void> {
    const closed = new ClosedError("this connection is drained: no more replies come");
    this.#gatherings.failAll(closed);
    await Promise.race([this.#requests.idle(), pause(timeout, undefined, { ref: false })]);
    const left = this.#requests.all();
    if (left.length > 0) {
      this.#connection.log.warn({ unanswered: left.length }, "draining took too long: requests are given up");
    }
    this.#giveUp(left, closed);
    this.#watch.stop();
    await this.#channel?.close();
  }

  /** The body of a valid request. @throws if an argument is invalid, or if nothing may be sent */
  #bodyOf(conversation: Pick<Conversation, "request">, request: unknown, deadline: number): string {
    if (this.#drained) throw new ClosedError("this connection is drained: connect again to ask");
    if (this.#refused) throw this.#refused;
    checkTime("deadline", deadline);
    validate("request", conversation.request, request);
    return encode(request, "request");
  }

  /** @throws {BrokerUnreachableError} if nothing can be sent at present */
  #writerNow(): ChannelWriter {
    if (this.#refused) throw this.#refused;
    if (this.#writer && !this.#connection.blocked) return this.#writer;
    throw unreachableError(this.#connection);
  }

  /** Sends a request in flight, or leaves it for {@link #sendAll}. */
  #send(request: PendingRequest): void {
    const { queue, expires } = request;
    const now = performance.now();
    if (now >= expires) return; // its end comes within a tick
    if (now >= queue.trusted) void this.#watch.lookAt(queue);
    else if (!this.#connection.blocked) this.#sender?.send(request);
  }

  /** Sends the requests in flight that are not sent yet: to this queue, or to all. */
  #sendAll(queue?: QueueState): void {
    for (const request of this.#requests.inFlight()) {
      if (request.sent === 0 && (!queue || request.queue === queue)) this.#send(request);
    }
  }

  #ready(writer: ChannelWriter): void {
    this.#writer = writer;
    this.#sender = new RequestSender(writer, {
      isPending: (request) => this.#requests.has(request),
      failed: (requests, error) => this.#requests.fail(requests, error),
    });
    this.#watch.monitor.reconnected(performance.now());
    this.#sendAll();
  }

  #lost(reason: AmqpException | undefined): void {
    this.#writer = undefined;
    this.#sender = undefined;
    this.#cancelled.clear();
    for (const request of this.#requests.all()) request.sent = 0;
    if (!reason) return;
    this.#gatherings.refused(reason);
    for (const request of this.#requests.all()) {
      const refusal = refusalOf(request.conversation, reason);
      if (refusal) this.#requests.fail([request], refusal);
    }
  }

  #replied({ id, properties, content, read, body }: IncomingReply): void {
    if (this.#gatherings.take(id, content)) return;
    if (isBatchId(id)) return this.#sendApart(id);
    const request = this.#requests.get(id);
    if (!request) {
      // Late, a duplicate, or a reply to somebody else's request.
      this.#connection.log.debug({ id }, "a reply that nobody waits for");
      return;
    }
    const { queue, sent, together, conversation } = request;
    this.#watch.monitor.answered(queue, sent, performance.now());
    if (together && queue.batches === undefined && understandsBatches(properties)) queue.batches = true;
    try {
      const reply = validate("reply", conversation.reply, read());
      request.caller?.onBody?.(body());
      this.#requests.resolve(request, reply);
    } catch (error) {
      this.#requests.fail([request], error);
    }
  }

  /** Sends the requests of a batch one by one, after a server has answered the batch as one request: it understands none. */
  #sendApart(id: string): void {
    for (const request of this.#requests.travelledAs(id)) {
      request.queue.batches = false;
      this.#send(request);
    }
  }

  #returned(id: string, { exchange, routingKey }: Pick<Conversation, "exchange" | "routingKey">): void {
    if (exchange === cancellations) {
      this.#cancelled.returned(id);
      return this.#watch.start();
    }
    const error = new NoServersError(`nobody serves ${routingKey}: no queue is bound to ${exchange} for it`);
    this.#gatherings.fail(id, error);
    this.#requests.fail(this.#requests.travelledAs(id), error);
  }

  #expire(requests: readonly PendingRequest[]): void {
    const { connected, address, blocked } = this.#connection;
    // A blocked broker reads these requests later. They would be in their queue then with their whole expiration.
    if (blocked) this.#cancel(requests);
    const waiting = new Set(requests.filter((request) => this.#requests.isWaiting(request)));
    const tell = async (request: PendingRequest) => {
      const ask = connected && !blocked;
      const counts = ask ? await this.#connection.counts(request.queue.name) : undefined;
      const broker = { connected, address, blocked };
      request.caller?.reject(timeoutError(request, { broker, waited: waiting.has(request), counts }));
    };
    this.#requests.settle(requests, (request) => void tell(request));
  }

  /** Fails requests, and tells the servers that they need no answer. */
  #giveUp(requests: readonly PendingRequest[], error: unknown): void {
    this.#cancel(requests);
    this.#requests.fail(requests, error);
  }

  /** Tells the servers that these requests need no answer. */
  #cancel(requests: readonly PendingRequest[]): void {
    for (const { id, conversation, expires, sent } of requests) {
      if (sent > 0) this.#cancelled.add({ id, conversation, expires });
    }
    this.#tellServers();
  }

  /** Sends the cancellations that are left. @returns whether there were any */
  #tellServers(): boolean {
    return this.#writer ? this.#cancelled.tell(this.#writer, performance.now()) : false;
  }
}
