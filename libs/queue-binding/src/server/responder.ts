import { randomUUID } from "node:crypto";
import type { ConsumeMessage } from "amqplib";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Acknowledgements } from "./acknowledgements.ts";
import { checkFunctions, type AnswerOptions, type Handler } from "./answer-options.ts";
import { Answerer, type Finished } from "./answerer.ts";
import { Delivery, SingleDelivery } from "./delivery.ts";
import { envelopeFor } from "./reply-sender.ts";
import type { Connection } from "../connection/connection.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import { checkServed, replyNotAllowed, type Conversation, type Written } from "../conversation.ts";
import { describe } from "../errors.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";
import { parseReplyAddress } from "../wire/reply-address.ts";

/** Largest body of a question that is read, in bytes. */
const maxBody = 4_096;
/** Questions in this process's queue at most; the oldest are dropped. */
const maxLength = 100;
/** Milliseconds after which a question is dropped. */
const messageTtl = 10_000;
/** A process answers at most `most` questions in `period` milliseconds. */
const [most, period] = [10, 100];

/** How a process responds. */
export type RespondOptions<Reply> = Pick<AnswerOptions<Reply>, "refuse">;

/**
 * Answers questions that go to every process of a conversation. Each process has an exclusive queue for them, so that they do
 * not wait behind requests. It uses a separate connection: a reply address that makes the broker close it harms nothing else.
 * A question is answered at most once, and forgotten if its reply cannot be sent.
 */
export class Responder<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  readonly #conversation: Conversation<Request, Reply>;
  readonly #answerer: Answerer<Request, Reply>;
  readonly #connection: Connection;
  #own: Promise<Connection> | undefined;
  #closed = false;

  constructor(
    connection: Connection,
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: RespondOptions<Written<Reply>>,
  ) {
    checkServed(conversation);
    checkFunctions(handler, options);
    this.#connection = connection;
    this.#conversation = conversation;
    this.#answerer = new Answerer(conversation, handler, { ...options, maxBody });
  }

  /** Begins to listen. If the broker forbids it, the log says so, and this process does not respond. */
  async open(): Promise<void> {
    const { exchange, bindingKey, queue } = this.#conversation;
    try {
      this.#own = this.#connection.another("questions to all");
      const own = await this.#own;
      if (this.#closed) return await own.close();
      await RecoveringChannel.open(own, {
        purpose: `the questions to ${bindingKey}`,
        setUp: async (channel, writer) => {
          limitBodies(channel, maxBody);
          await channel.prefetch(most);
          // A new name each time: a cluster keeps an exclusive queue of a lost node locked until that node is back.
          const name = `${queue}.asked.${randomUUID()}`;
          await channel.assertQueue(name, { exclusive: true, autoDelete: true, maxLength, messageTtl });
          await channel.bindQueue(name, exchange, bindingKey);
          const acknowledgements = new Acknowledgements(writer);
          await channel.consume(name, (message) => {
            if (message) void this.#take(message, writer, acknowledgements);
          });
        },
      });
    } catch (error) {
      if (this.#closed) return;
      void this.close();
      this.#connection.log.warn(
        { bindingKey, reason: (error as Error).message },
        "not allowed to listen for questions to all: this process does not respond to them",
      );
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#own?.catch(() => undefined))?.close();
  }

  async #take(
    message: ConsumeMessage,
    writer: ChannelWriter,
    acknowledgements: Acknowledgements,
  ): Promise<void> {
    acknowledgements.delivered(message);
    const delivery = new Delivery(message, new SingleDelivery(message, writer, acknowledgements));
    // The broker gives this process its next question once this one is acknowledged.
    setTimeout(() => delivery.acknowledge(), period).unref();
    const address = parseReplyAddress(delivery.message.properties.replyTo);
    // On an exchange that does not exist, the reply would close the channel.
    if (address?.exchange !== "" || !delivery.complete) {
      return this.#ignored(delivery, "it has no queue for replies, or is not readable");
    }
    const notAllowed = replyNotAllowed(this.#conversation, address);
    if (notAllowed !== undefined) return this.#ignored(delivery, notAllowed);
    try {
      const { body } = await this.#answer(delivery);
      writer.publish(envelopeFor(delivery, address), body);
    } catch (error) {
      this.#ignored(delivery, describe(error));
    }
  }

  async #answer(delivery: Delivery): Promise<Finished<Written<Reply>>> {
    try {
      return await this.#answerer.answer(delivery);
    } catch (error) {
      this.#connection.log.error({ error }, "the handler of questions to all failed");
      return this.#answerer.refuse({ reason: "failed", message: describe(error), issues: [] });
    }
  }

  #ignored({ id }: Delivery, reason: string): void {
    this.#connection.log.debug({ id, reason }, "a question to all is not answered");
  }
}
