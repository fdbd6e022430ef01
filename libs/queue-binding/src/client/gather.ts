import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { AmqpException } from "../connection/recovering-channel.ts";
import { validate, type Conversation, type Read } from "../conversation.ts";
import { AccessRefusedError } from "../errors.ts";
import type { Log } from "../log.ts";
import { decode } from "../wire/body.ts";
import { refusalOf } from "./channel-refusal.ts";
import { Gathering } from "./gathering.ts";
import type { Gathered, GatherOptions } from "./options.ts";
import { randomId } from "./request-ids.ts";

/** A conversation whose requests reach every queue that is bound to their routing key. */
export type GatherConversation<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> = Pick<
  Conversation<Request, Reply>,
  "exchange" | "routingKey" | "request" | "reply" | "version"
>;

/** Messages whose replies are being gathered, by their ids. */
export class Gatherings {
  readonly #log: Log;
  readonly #open = new Map<
    string,
    { gathering: Gathering; to: Pick<Conversation, "exchange" | "routingKey"> }
  >();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @returns whether this is a reply to one of these messages */
  take(id: string, content: Buffer): boolean {
    const open = this.#open.get(id);
    open?.gathering.take(content);
    return open !== undefined;
  }

  fail(id: string, error: unknown): void {
    this.#open.get(id)?.gathering.fail(error);
  }

  /** Fails all, because the broker has closed the channel for this reason. */
  refused(reason: AmqpException): void {
    const why = `the broker refuses a message: ${reason.message}`;
    for (const { gathering, to } of this.#open.values())
      gathering.fail(refusalOf(to, reason) ?? new AccessRefusedError(why, { cause: reason }));
  }

  failAll(error: unknown): void {
    for (const { gathering } of this.#open.values()) gathering.fail(error);
  }

  /**
   * Yields each reply, until there are `count` replies, the deadline has passed, or the signal aborts.
   *
   * @param send sends the message with this id
   */
  async *gather<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: GatherConversation<Request, Reply>,
    send: (id: string) => Promise<void>,
    {
      deadline,
      count,
      signal,
    }: Required<Omit<GatherOptions, "signal" | "trace">> & Pick<GatherOptions, "signal">,
  ): AsyncGenerator<Gathered<Read<Reply>>, void, undefined> {
    if (signal?.aborted) return;
    const id = randomId();
    const gathering = new Gathering();
    this.#open.set(id, { gathering, to: conversation });
    const end = () => gathering.end();
    const timer = setTimeout(end, deadline);
    signal?.addEventListener("abort", end, { once: true });
    try {
      await send(id);
      for (let given = 0; given < count; given += 1) {
        const next = await gathering.next();
        if (!next) return;
        const { content, dropped } = next;
        if (dropped > 0)
          this.#log.warn({ dropped }, "replies were dropped: they came faster than they were read");
        yield { ...read(conversation.reply, content), ...(dropped > 0 && { dropped }) };
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      this.#open.delete(id);
    }
  }
}

function read<Reply extends StandardSchemaV1>(schema: Reply, content: Buffer): Gathered<Read<Reply>> {
  try {
    return { reply: validate("reply", schema, decode("reply", content)) };
  } catch (error) {
    return { error };
  }
}
