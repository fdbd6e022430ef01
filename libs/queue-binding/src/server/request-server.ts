import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { context as tracing } from "@opentelemetry/api";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import {
  checkAnswerOptions,
  checkFunctions,
  largestBody,
  largestReply,
  type AnswerOptions,
  type Handler,
} from "./answer-options.ts";
import { Cancellations } from "./cancellations.ts";
import type { Delivery } from "./delivery.ts";
import { Intake } from "./intake.ts";
import type { LocalQueue } from "./local-queue.ts";
import { ReplySender } from "./reply-sender.ts";
import { RequestProcessor, type End } from "./request-processor.ts";
import { Requeue } from "./requeue.ts";
import type { Connection } from "../connection/connection.ts";
import { Topology } from "../connection/topology.ts";
import { checkTime } from "../checks.ts";
import { checkServed, type Conversation, type Written } from "../conversation.ts";
import { ClosedError, Empty } from "../errors.ts";

/** Milliseconds of work on waiting requests after which the process handles its other events. */
const longestTurn = 5;

/** Milliseconds within which the requests that are left after draining are returned to their queue. */
const putBackTime = 2_000;

/** The event loops of one conversation's server. */
export class RequestServer<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  readonly #connection: Connection;
  readonly #conversation: Conversation<Request, Reply>;
  readonly #options: AnswerOptions<Written<Reply>>;
  readonly #cancellations = new Cancellations();
  readonly #topology: Topology;
  readonly #requeue: Requeue;
  readonly #replies: ReplySender;
  readonly #processor: RequestProcessor<Request, Reply>;
  readonly #intake: Intake;
  readonly #working = new Set<Delivery>();
  /** Settlements that wait for the broker's confirmation. */
  readonly #settling = new Set<Promise<unknown>>();
  /** Milliseconds of work since the process last handled other events. */
  #worked = 0;
  #rest: Promise<void> | undefined;
  #loops: Promise<void>[] = [];
  #sweep: NodeJS.Timeout | undefined;
  #drained: Promise<void> | undefined;

  constructor(
    connection: Connection,
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: AnswerOptions<Written<Reply>>,
  ) {
    checkServed(conversation);
    checkFunctions(handler, options);
    checkAnswerOptions(options);
    this.#connection = connection;
    this.#conversation = conversation;
    this.#options = options;
    const { log } = connection;
    const topology = new Topology(connection, conversation);
    this.#topology = topology;
    this.#requeue = new Requeue(connection, conversation, topology);
    this.#replies = new ReplySender(connection, (replyTo) => {
      log.debug({ replyTo }, "nobody waits for this reply any more");
      this.#call("onReturned", () => options.onReturned?.(replyTo));
    });
    this.#processor = new RequestProcessor(conversation, handler, options, {
      cancellations: this.#cancellations,
      requeue: this.#requeue,
      replies: this.#replies,
      log,
    });
    const { prefetch = 64, maxBody = largestBody, maxReply = largestReply } = options;
    const track = (work: Promise<void>) => this.#track(work);
    this.#intake = new Intake(
      { connection, conversation, topology, requeue: this.#requeue, replies: this.#replies, track },
      { prefetch, maxBody, maxReply },
    );
  }

  /** Begins to consume requests. @throws {@link AccessRefusedError} if the broker forbids it */
  async start(): Promise<void> {
    const { concurrency = 8, holdTimeout = 600_000 } = this.#options;
    // Cancellations look at the queue. The broker would log an error if it did not exist; the intake tells why it cannot.
    await this.#topology.declare().catch(() => {});
    await this.#cancellations.listen(this.#connection, this.#conversation);
    await this.#intake.open();
    const { waiting, quarantined } = this.#intake;
    this.#loops = Array.from({ length: concurrency }, () => this.#serve(waiting));
    this.#loops.push(this.#serve(quarantined));
    this.#sweep = setInterval(
      () => {
        for (const delivery of waiting.clear(({ age }) => age > holdTimeout))
          this.#track(this.#giveBack(delivery).catch(() => waiting.put(delivery)));
      },
      Math.min(holdTimeout / 10, 60_000),
    ).unref();
  }

  /** Whether it consumes requests: it is connected and not draining. */
  get listening(): boolean {
    return this.#intake.listening;
  }

  /** Whether it consumes, is about to, or drains. Anything else is a fault in this library: restart the process. */
  get alive(): boolean {
    return this.#intake.alive;
  }

  /** Requests that are being handled. */
  get inFlight(): number {
    return this.#working.size;
  }

  /** Requests that were delivered to this process and are not begun. */
  get waiting(): number {
    return this.#intake.waiting.length;
  }

  /** Largest difference between a caller's clock and others in the last minute, in milliseconds. 0 if none was noticed. */
  get clockDifference(): number {
    return this.#processor.clockDifference;
  }

  /**
   * Stops consuming, finishes the requests that it holds, acknowledges them and closes.
   *
   * @param timeout milliseconds after which the unfinished requests are returned to their queue, for other servers
   * @throws `RangeError` if the timeout is not a valid time
   */
  drain(timeout = 20_000): Promise<void> {
    checkTime("timeout", timeout);
    return (this.#drained ??= this.#finish(timeout));
  }

  async #finish(timeout: number): Promise<void> {
    clearInterval(this.#sweep);
    const finished = (async () => {
      await this.#intake.cancel();
      await Promise.all(this.#loops);
      while (this.#settling.size > 0) await Promise.allSettled(this.#settling);
      return true;
    })();
    if (!(await Promise.race([finished, pause(timeout, false, { ref: false })]))) await this.#putBack();
    await this.#cancellations.close();
    await this.#intake.close();
    await Promise.all([this.#requeue.close(), this.#replies.close()]);
  }

  /** Returns the unfinished requests to their queue. If the broker redelivered them, they would count as held by a lost server. */
  async #putBack(): Promise<void> {
    const waiting = this.#intake.clear();
    const left = [...waiting, ...this.#working];
    const counts = { waiting: waiting.length, begun: this.#working.size };
    this.#connection.log.warn(counts, "draining took too long: unfinished requests go back to their queue");
    const back = left.map((delivery) => this.#giveBack(delivery));
    await Promise.race([Promise.allSettled(back), pause(putBackTime, undefined, { ref: false })]);
  }

  /** Returns a request to its queue, without counting a try. */
  async #giveBack(delivery: Delivery): Promise<void> {
    if (delivery.expired) delivery.givenBack(() => delivery.acknowledge());
    else if (delivery.complete) await this.#requeue.giveBack(delivery);
    else delivery.givenBack(() => delivery.requeue());
  }

  async #serve(deliveries: LocalQueue<Delivery>): Promise<void> {
    const { idleTimeout = 60_000, onEmpty } = this.#options;
    for (;;) {
      try {
        const delivery = await deliveries.get(idleTimeout);
        while (this.#worked > longestTurn) await (this.#rest ??= this.#turnOver());
        const began = performance.now();
        const processed = tracing.with(delivery.context, this.#process, this, delivery);
        this.#worked += performance.now() - began;
        await processed;
      } catch (error) {
        if (error instanceof ClosedError) return;
        // No request came within the idle timeout. The server waits for the next one.
        if (error instanceof Empty) this.#call("onEmpty", () => onEmpty?.());
        else this.#connection.log.error({ error }, "an event loop met an unexpected error and goes on");
      }
    }
  }

  /** Lets the process handle other events: send replies, receive signals, answer probes. */
  async #turnOver(): Promise<void> {
    await turn();
    this.#worked = 0;
    this.#rest = undefined;
  }

  /** Resolves once the handler is done. While the settlement waits for the broker, the event loop takes the next request. */
  async #process(delivery: Delivery): Promise<void> {
    const began = performance.now();
    this.#working.add(delivery);
    const decision = await this.#processor.decide(delivery);
    const settling = this.#processor.carryOut(delivery, decision).then((end) => {
      this.#working.delete(delivery);
      this.#settling.delete(settling);
      this.#tell(delivery, performance.now() - began, end);
    });
    this.#settling.add(settling);
  }

  #tell(delivery: Delivery, milliseconds: number, end: End<Written<Reply>>): void {
    const { id, attempt, traceId, wait } = delivery;
    const { routingKey } = delivery.origin;
    this.#call("onSettled", () =>
      this.#options.onSettled?.({ id, routingKey, traceId, attempt, milliseconds, wait, ...end }),
    );
  }

  /** Calls a listener of the user. Its error must not end an event loop or the connection. */
  #call(name: string, listener: () => unknown): void {
    const failed = (error: unknown) => this.#connection.log.error({ error }, `${name} threw`);
    try {
      const result = listener();
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #track(work: Promise<void>): void {
    this.#settling.add(work);
    void work
      .catch((error: unknown) => this.#connection.log.error({ error }, "an unexpected error"))
      .finally(() => this.#settling.delete(work));
  }
}
