import { setTimeout as pause } from "node:timers/promises";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { AnswerOptions, Handler, Settled } from "./answer-options.ts";
import { Answerer, type Finished } from "./answerer.ts";
import { CallerClocks } from "./caller-clocks.ts";
import type { Cancellations } from "./cancellations.ts";
import type { Delivery } from "./delivery.ts";
import { ReplyRefused } from "./first-replies.ts";
import type { ReplySender } from "./reply-sender.ts";
import type { Requeue } from "./requeue.ts";
import { replyNotAllowed, type Conversation, type Written } from "../conversation.ts";
import { describe } from "../errors.ts";
import type { Log } from "../log.ts";
import { afterFailure, maxAttempts, spent } from "../wire/attempts.ts";
import { clock } from "../wire/caller-time.ts";
import { deadLetterProperties } from "../wire/dead-letter.ts";
import { parseReplyAddress, type ReplyAddress } from "../wire/reply-address.ts";
import type { Properties } from "../wire/properties.ts";

/** What to do with a request. */
type Decision<Reply> =
  | { readonly drop: "expired" | "cancelled"; readonly error?: unknown }
  | { readonly answer: Finished<Reply>; readonly address: ReplyAddress }
  | { readonly retryAfter: number; readonly error: unknown }
  /** The caller cannot be told. */
  | {
      readonly keep: "unreadable" | "no-reply-to" | "reply-not-allowed" | "reply-refused";
      readonly error: Error;
    }
  | { readonly giveUp: string; readonly address: ReplyAddress; readonly error: unknown };

/** The end of a request. */
export type End<Reply> = Pick<Settled<Reply>, "outcome" | "reply" | "error">;

/** Milliseconds before a request that could not be settled returns to its queue, so that it does not loop without a pause. */
const calm = 1_000;

/** Decides what to do with each request, and does it. */
export class RequestProcessor<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  readonly #conversation: Conversation<Request, Reply>;
  readonly #answerer: Answerer<Request, Reply>;
  readonly #cancellations: Cancellations;
  readonly #clocks = new CallerClocks();
  readonly #requeue: Requeue;
  readonly #replies: ReplySender;
  readonly #log: Log;

  constructor(
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: AnswerOptions<Written<Reply>>,
    services: { cancellations: Cancellations; requeue: Requeue; replies: ReplySender; log: Log },
  ) {
    this.#conversation = conversation;
    this.#answerer = new Answerer(conversation, handler, options);
    this.#cancellations = services.cancellations;
    this.#requeue = services.requeue;
    this.#replies = services.replies;
    this.#log = services.log;
  }

  /** Largest difference between a caller's clock and others in the last minute, in milliseconds. 0 if none was noticed. */
  get clockDifference(): number {
    return this.#clocks.difference(clock());
  }

  /** Calls the handler, unless the request must not be handled. Never throws. */
  async decide(delivery: Delivery): Promise<Decision<Written<Reply>>> {
    if (delivery.expired) return { drop: "expired" };
    const properties = delivery.message.properties as Properties;
    const timing = this.#clocks.read(properties, clock());
    if (timing?.givenUp) return { drop: "expired" };
    delivery.wait = timing?.wait;
    const { unreadable, replyTo } = properties;
    if (this.#cancellations.has(replyTo, delivery.id)) return { drop: "cancelled" };
    if (unreadable !== undefined) return { keep: "unreadable", error: new Error(unreadable) };
    const address = parseReplyAddress(replyTo);
    if (!address) return { keep: "no-reply-to", error: new Error("the request has no usable reply_to") };
    const notAllowed = replyNotAllowed(this.#conversation, address);
    if (notAllowed !== undefined) return { keep: "reply-not-allowed", error: new Error(notAllowed) };
    const why = spent(delivery.history);
    if (why) return { giveUp: `given up after ${maxAttempts} tries: ${why}`, address, error: new Error(why) };
    try {
      return { answer: await this.#answerer.answer(delivery), address };
    } catch (error) {
      const left = delivery.timeLeft;
      if (left < 0) return { drop: "expired", error };
      const verdict = afterFailure(delivery.attempt, error, left);
      return "retryAfter" in verdict ? { ...verdict, error } : { giveUp: verdict.deadLetter, address, error };
    }
  }

  /** Never throws. */
  async carryOut(delivery: Delivery, decision: Decision<Written<Reply>>): Promise<End<Written<Reply>>> {
    try {
      if (!("answer" in decision)) return await this.#doWithout(delivery, decision);
      const { address, answer } = decision;
      const sent = await this.#replies.send(delivery, address, answer);
      return ended(sent, { outcome: "answered", reply: answer.reply });
    } catch (error) {
      if ("answer" in decision && isRefused(error))
        return this.carryOut(delivery, { keep: "reply-refused", error });
      if (delivery.isGivenBack) return ended(false, { outcome: "lost", error });
      const { id, traceId } = delivery;
      this.#log.error(
        { id, traceId, reason: describe(error) },
        "could not settle a request: it goes back to the broker",
      );
      await pause(calm);
      return ended(delivery.requeue(), { outcome: "requeued", error });
    }
  }

  async #doWithout(
    delivery: Delivery,
    decision: Exclude<Decision<Written<Reply>>, { answer: unknown }>,
  ): Promise<End<Written<Reply>>> {
    const { error } = decision;
    if ("drop" in decision) return ended(delivery.acknowledge(), { outcome: decision.drop, error });
    if ("keep" in decision) return this.#keep(delivery, decision.keep, decision.error);
    if ("giveUp" in decision) return this.#giveUp(delivery, decision.address, decision.giveUp, error);
    return ended(await this.#requeue.retry(delivery, decision.retryAfter), { outcome: "requeued", error });
  }

  /** Dead-letters the request, and sends its caller a refusal. */
  async #giveUp(
    delivery: Delivery,
    address: ReplyAddress,
    message: string,
    error: unknown,
  ): Promise<End<Written<Reply>>> {
    await this.#deadLetter(delivery, "failed", message);
    try {
      const refusal = this.#answerer.refuse({ reason: "failed", message, issues: [] });
      const sent = await this.#replies.send(delivery, address, refusal);
      return ended(sent, { outcome: "dead-lettered", reply: refusal.reply, error });
    } catch (reason) {
      this.#log.warn(
        { id: delivery.id, traceId: delivery.traceId, reason: describe(reason) },
        "could not tell a caller that its request failed",
      );
      return ended(delivery.acknowledge(), { outcome: "dead-lettered", error });
    }
  }

  async #keep(delivery: Delivery, reason: string, error: Error): Promise<End<Written<Reply>>> {
    await this.#deadLetter(delivery, reason, describe(error));
    return ended(delivery.acknowledge(), { outcome: "dead-lettered", error });
  }

  async #deadLetter(delivery: Delivery, reason: string, message: string): Promise<void> {
    const { queue } = this.#conversation;
    const attempts = Math.min(delivery.attempt, maxAttempts);
    const failure = { reason, message, attempts, queue, ...delivery.origin };
    await this.#requeue.deadLetter(
      delivery.content,
      deadLetterProperties(delivery.message.properties, failure),
    );
  }
}

/** Whether the reply or its address is the cause of the error. */
const isRefused = (error: unknown): error is Error =>
  error instanceof ReplyRefused || error instanceof RangeError || error instanceof TypeError;

/** A settlement on a closed channel has no effect: the broker redelivers. */
const ended = <Reply>(sent: boolean, end: End<Reply>): End<Reply> =>
  sent ? end : { outcome: "lost", error: end.error };
