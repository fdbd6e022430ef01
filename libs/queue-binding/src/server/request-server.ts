import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { context as tracing } from "@opentelemetry/api";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ConsumeMessage } from "amqplib";
import { largestBody, largestReply, type AnswerOptions, type Handler } from "./answer-options.ts";
import { Batch } from "./batch-delivery.ts";
import { Cancellations } from "./cancellations.ts";
import { Delivery, SingleDelivery } from "./delivery.ts";
import { LocalQueue } from "./local-queue.ts";
import { ReplySender } from "./reply-sender.ts";
import { RequestProcessor, type End } from "./request-processor.ts";
import { Requeue } from "./requeue.ts";
import { Subscription, type Source } from "./subscription.ts";
import type { Connection } from "../connection/connection.ts";
import { quarantineQueue, Topology } from "../connection/topology.ts";
import { mayReplyTo, type Conversation, type Written } from "../conversation.ts";
import { AccessRefusedError, ClosedError, Empty } from "../errors.ts";
import { describe } from "../wire/attempts.ts";
import { isBatch } from "../wire/batch.ts";
import type { Properties } from "../wire/properties.ts";
import { parseReplyAddress } from "../wire/reply-address.ts";

/** How long requests that wait here may be worked on, one after the other, in milliseconds, before others have their turn. */
const longestTurn = 5;

/** How long what is left after draining may take to be put back into its queue, in milliseconds. */
const putBackTime = 2_000;

/** The event loops of one conversation's server. */
export class RequestServer<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  readonly #connection: Connection;
  readonly #conversation: Conversation<Request, Reply>;
  readonly #options: AnswerOptions<Written<Reply>>;
  readonly #topology: Topology;
  readonly #cancellations = new Cancellations();
  readonly #requeue: Requeue;
  readonly #replies: ReplySender;
  readonly #processor: RequestProcessor<Request, Reply>;
  /** Between the broker's deliveries and the event loops. */
  readonly #waiting = new LocalQueue<Delivery>();
  readonly #quarantined = new LocalQueue<Delivery>();
  readonly #working = new Set<Delivery>();
  /** What the broker has not confirmed yet. */
  readonly #settling = new Set<Promise<unknown>>();
  /** Milliseconds of work since the event loops last left the process to others. */
  #worked = 0;
  #rest: Promise<void> | undefined;
  #requests!: Subscription;
  /** Nothing where this user may not have the queue. */
  #quarantine!: Promise<Subscription | undefined>;
  #loops: Promise<void>[] = [];
  #sweep: NodeJS.Timeout | undefined;
  #drained: Promise<void> | undefined;

  constructor(
    connection: Connection,
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: AnswerOptions<Written<Reply>>,
  ) {
    this.#connection = connection;
    this.#conversation = conversation;
    this.#options = options;
    const { log } = connection;
    this.#topology = new Topology(connection, conversation);
    this.#requeue = new Requeue(connection, conversation, this.#topology);
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
  }

  /** Begins to take requests. @throws {AccessRefusedError} if the broker forbids it */
  async start(): Promise<void> {
    const { concurrency = 8, prefetch = 64, maxBody = largestBody, holdTimeout = 600_000 } = this.#options;
    await this.#cancellations.listen(this.#connection, this.#conversation);
    this.#quarantine = this.#openQuarantine();
    this.#requests = await Subscription.open(this.#connection, {
      queue: this.#conversation.queue,
      prefetch,
      maxBody,
      declare: () => this.#topology.declare(),
      deliver: (message, source) => this.#take(message, source),
      lost: () => {
        this.#waiting.clear();
        this.#replies.forget();
      },
      returned: (routingKey) => this.#replies.returned(routingKey),
    });
    await this.#quarantine;
    this.#loops = Array.from({ length: concurrency }, () => this.#serve(this.#waiting));
    this.#loops.push(this.#serve(this.#quarantined));
    this.#sweep = setInterval(
      () => {
        const old = this.#waiting.clear(({ age }) => age > holdTimeout);
        for (const delivery of old)
          this.#track(this.#giveBack(delivery).catch(() => this.#waiting.put(delivery)));
      },
      Math.min(holdTimeout / 10, 60_000),
    ).unref();
  }

  /** Whether requests can come: connected, subscribed, not draining. */
  get listening(): boolean {
    return this.#requests.listening;
  }

  /** Whether it listens, or is about to, or drains. Anything else is a fault in this library: start anew. */
  get alive(): boolean {
    return this.#requests.alive;
  }

  /** Requests that are worked on. */
  get inFlight(): number {
    return this.#working.size;
  }

  /** Requests that the broker has given to this process and that are not begun. */
  get waiting(): number {
    return this.#waiting.length;
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
    const quarantine = await this.#quarantine;
    const finished = (async () => {
      await Promise.all([this.#requests.cancel(), quarantine?.cancel()]);
      this.#waiting.close();
      this.#quarantined.close();
      await Promise.all(this.#loops);
      while (this.#settling.size > 0) await Promise.allSettled(this.#settling);
      return true;
    })();
    if (!(await Promise.race([finished, pause(timeout, false, { ref: false })]))) await this.#putBack();
    await this.#cancellations.close();
    await Promise.all([this.#requests.close(), quarantine?.close()]);
    await Promise.all([this.#requeue.close(), this.#replies.close()]);
  }

  /** This process has not died of what is left. What the broker would give back by itself counts as held by a lost server. */
  async #putBack(): Promise<void> {
    const waiting = [...this.#waiting.clear(), ...this.#quarantined.clear()];
    this.#waiting.close();
    this.#quarantined.close();
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

  /**
   * One request at a time comes from the quarantine queue, and is begun at once. So a server that is lost has worked on the one
   * that it held from there, and on no other.
   */
  async #openQuarantine(): Promise<Subscription | undefined> {
    const queue = quarantineQueue(this.#conversation);
    try {
      if (!(await this.#topology.declareQuarantine())) return undefined;
      return await Subscription.open(this.#connection, {
        queue,
        prefetch: 1,
        maxBody: this.#options.maxBody ?? largestBody,
        declare: () => this.#topology.declareQuarantine(),
        deliver: (message, source) => this.#takeQuarantined(message, source),
        lost: () => void this.#quarantined.clear(),
        returned: (routingKey) => this.#replies.returned(routingKey),
      });
    } catch (error) {
      if (!(error instanceof AccessRefusedError)) throw error;
      this.#connection.log.warn(
        { queue, reason: error.message },
        "not allowed to read this queue: requests that a lost server held are counted as tried",
      );
      return undefined;
    }
  }

  #take(message: ConsumeMessage, source: Source): void {
    const deliveries = this.#deliveries(message, source);
    for (const delivery of deliveries) {
      // Whoever had it before was lost, perhaps because of it: it is tried where nothing else is held beside it.
      if (message.fields.redelivered && delivery.complete) this.#track(this.#setAside(delivery, false));
      else this.#waiting.put(delivery);
    }
  }

  #takeQuarantined(message: ConsumeMessage, { writer, acknowledgements }: Source): void {
    const delivery = new Delivery(message, new SingleDelivery(message, writer, acknowledgements));
    if (message.fields.redelivered) this.#track(this.#setAside(delivery, true));
    else this.#quarantined.put(delivery);
  }

  #deliveries(message: ConsumeMessage, source: Source): readonly Delivery[] {
    const { maxBody = largestBody, maxReply = largestReply } = this.#options;
    // What nobody can be told of is one dead letter, as it came.
    const batch =
      isBatch(message.properties) &&
      this.#takesBatches((message.properties as Properties).replyTo) &&
      Batch.from(message, maxBody, { ...source, maxReply });
    if (batch) return batch.deliveries;
    return [new Delivery(message, new SingleDelivery(message, source.writer, source.acknowledgements))];
  }

  /** Batched replies go to a queue, in one piece; elsewhere, nobody has said that they are understood. */
  #takesBatches(replyTo: string | undefined): boolean {
    const address = parseReplyAddress(replyTo);
    return address?.exchange === "" && mayReplyTo(this.#conversation, address);
  }

  async #setAside(delivery: Delivery, begun: boolean): Promise<void> {
    try {
      const available = (await this.#quarantine) !== undefined;
      if (delivery.expired) delivery.acknowledge();
      else await this.#requeue.quarantine(delivery, begun, available);
    } catch (error) {
      this.#connection.log.error(
        { id: delivery.id, traceId: delivery.traceId, reason: describe(error) },
        "could not put a request into quarantine: it goes back to the broker",
      );
      await pause(1_000);
      delivery.requeue();
    }
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
