import type { Duplex } from "node:stream";
import amqplib, { type ConsumeMessage, type Options } from "amqplib";
import { Frames } from "../src/wire/frames.ts";
import type { Envelope } from "../src/wire/channel-writer.ts";

/** A client that knows nothing of this library: bodies, properties, and a queue of its own for replies. */
export class ForeignClient {
  readonly #channel: amqplib.Channel;
  readonly #connection: amqplib.ChannelModel;
  readonly #replies: ConsumeMessage[] = [];
  #queue = "";

  private constructor(connection: amqplib.ChannelModel, channel: amqplib.Channel) {
    this.#connection = connection;
    this.#channel = channel;
  }

  static async connect(url: string): Promise<ForeignClient> {
    const connection = await amqplib.connect(url);
    connection.on("error", () => {});
    const client = new ForeignClient(connection, await connection.createChannel());
    client.#queue = (await client.#channel.assertQueue("", { exclusive: true })).queue;
    await client.#channel.consume(client.#queue, (message) => message && client.#replies.push(message), {
      noAck: true,
    });
    return client;
  }

  /** The name of its reply queue. */
  get queue(): string {
    return this.#queue;
  }

  get channel(): amqplib.Channel {
    return this.#channel;
  }

  publish(routingKey: string, body: string | Buffer, properties: Options.Publish = {}): void {
    this.#channel.publish("amq.topic", routingKey, Buffer.from(body as string), properties);
  }

  /** Sends what amqplib would not: each `#` of the correlation id goes as a byte that is not UTF-8. */
  publishRaw(envelope: Envelope, body: string): void {
    const { connection, ch } = this.#channel as unknown as { connection: { stream: Duplex }; ch: number };
    const frames = new Frames(ch, 131_072, () => {});
    frames.publish(envelope, body);
    const bytes = frames.take().toString("latin1");
    const { correlationId = "" } = envelope;
    connection.stream.write(
      Buffer.from(bytes.replace(correlationId, correlationId.replaceAll("#", "\u00ff")), "latin1"),
    );
  }

  /** All replies with this correlation id that have come so far. */
  replies(correlationId: string): unknown[] {
    return this.#replies
      .filter(({ properties }) => properties.correlationId === correlationId)
      .map(({ content }) => JSON.parse(content.toString()) as unknown);
  }

  /** The reply with this correlation id. @throws if it does not come within 5 s */
  async reply(correlationId: string): Promise<unknown> {
    for (let tries = 0; tries < 250; tries += 1) {
      const [found] = this.replies(correlationId);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`no reply to ${correlationId}`);
  }

  /** Takes the next message of a queue; nothing if there is none. */
  async get(queue: string): Promise<{ body: string; properties: amqplib.MessageProperties } | undefined> {
    const message = await this.#channel.get(queue, { noAck: true });
    return message === false
      ? undefined
      : { body: message.content.toString(), properties: message.properties };
  }

  async close(): Promise<void> {
    await this.#connection.close().catch(() => {});
  }
}
