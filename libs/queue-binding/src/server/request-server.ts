import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { context as tracing } from "@opentelemetry/api";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import {
  checkAnswerOptions,
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
import { checkConversation, type Conversation, type Written } from "../conversation.ts";
import { ClosedError, Empty } from "../errors.ts";

/** How long requests that wait here may be worked on, one after the other, in milliseconds, before others have their turn. */
const longestTurn = 5;

/** How long what is left after draining may take to be put back into its queue, in milliseconds. */
const putBackTime = 2_000;

/** The event loops of one conversation's server. */
export class RequestServer<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  readonly #connection: Connection;
  readonly #conversation: Conversation<Request, Reply>;
  readonly #options: AnswerOptions<Written<Reply>>;
  readonly #cancellations = new Cancellations();
  readonly #requeue: Requeue;
  readonly #replies: ReplySender;
  readonly #processor: RequestProcessor<Request, Reply>;
  readonly #intake: Intake;
  readonly #working = new Set<Delivery>();
  /** What the broker has not confirmed yet. */
  readonly #settling = new Set<Promise<unknown>>();
  /** Milliseconds of work since the event loops last left the process to others. */
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
    checkConversation(conversation);
    checkAnswerOptions(options);
    this.#connection = connection;
    this.#conversation = conversation;
    this.#options = options;
    const { log } = connection;
    const topology = new Topology(connection, conversation);
    this.#requeue = new Requeue(connection, conversation, topology);
    this.#replies = new ReplySender(connection, (replyTo) => {
      log.debug({ replyTo }, "nobody waits for this reply any more");
      options.onReturned?.(replyTo);
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

  /** Begins to take requests. @throws {AccessRefusedError} if the broker forbids it */
  async start(): Promise<void> {
    const { concurrency = 8, holdTimeout = 600_000 } = this.#options;
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

  /** Whether requests can come: connected, subscribed, not draining. */
  get listening(): boolean {
    return this.#intake.listening;
  }

  /** Whether it listens, or is about to, or drains. Anything else is a fault in this library: start anew. */
  get alive(): boolean {
    return this.#intake.alive;
  }

  /** Requests that are worked on. */
  get inFlight(): number {
    return this.#working.size;
  }

  /** Requests that the broker has given to this process and that are not begun. */
  get waiting(): number {
    return this.#intake.waiting.length;
  }

  /**
   * Stops taking requests, finishes those it holds, acknowledges them and closes.
   *
   * @param timeout milliseconds after which it finishes no more: what is left is put back for other servers
   */
  drain(timeout = 20_000): Promise<void> {
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

  /** This process has not died of what is left. What the broker would give back by itself counts as held by a lost server. */
  async #putBack(): Promise<void> {
    const waiting = this.#intake.clear();
    const left = [...waiting, ...this.#working];
    const counts = { waiting: waiting.length, begun: this.#working.size };
    this.#connection.log.warn(counts, "draining took too long: what is left goes to other servers");
    const back = left.map((delivery) => this.#giveBack(delivery));
    await Promise.race([Promise.allSettled(back), pause(putBackTime, undefined, { ref: false })]);
  }

  /** Puts a request into its queue again, as if it had not been here. */
  async #giveBack(delivery: Delivery): Promise<void> {
    if (delivery.expired) delivery.acknowledge();
    else if (delivery.complete) await this.#requeue.giveBack(delivery);
    else delivery.requeue();
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

  /** Resolves once the handler is done. What follows waits for the broker: the event loop takes the next request meanwhile. */
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
    const { id, attempt, traceId, origin } = delivery;
    try {
      this.#options.onSettled?.({
        id,
        routingKey: origin.routingKey,
        traceId,
        attempt,
        milliseconds,
        ...end,
      });
    } catch (error) {
      this.#connection.log.error({ error }, "onSettled threw");
    }
  }

  #track(work: Promise<void>): void {
    this.#settling.add(work);
    void work
      .catch((error: unknown) => this.#connection.log.error({ error }, "an unexpected error"))
      .finally(() => this.#settling.delete(work));
  }
}
