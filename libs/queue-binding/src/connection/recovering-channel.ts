import type { Channel } from "amqplib";
import pRetry from "p-retry";
import type { Connection } from "./connection.ts";
import { AccessRefusedError } from "../errors.ts";
import { ChannelWriter } from "../wire/channel-writer.ts";

/** An AMQP exception: the broker closed a channel or a connection. The code is the reason (403, 404, 406 …). */
export type AmqpException = Error & { code: number };
export const isAmqpException = (error: unknown): error is AmqpException =>
  error instanceof Error && "code" in error && typeof error.code === "number";

interface RecoveringChannelOptions {
  /** Names the channel in log lines. */
  purpose: string;
  /** Publisher confirms. @default false */
  confirm?: boolean;
  /** Declares queues and starts consumers, each time the channel opens. */
  setUp?: (channel: Channel, writer: ChannelWriter) => Promise<void>;
  /** Called each time the channel is open. */
  ready?: (writer: ChannelWriter) => void;
  /** Called each time the channel is lost, with the broker's reason if there is one. */
  lost?: (reason: AmqpException | undefined) => void;
}

/** Milliseconds after which a set-up without an answer is repeated. A quorum queue without a leader does not answer. */
const setUpTime = 30_000;

/**
 * A channel that recovers. amqplib reopens a lost connection, but not its channels, and not a channel that the broker
 * closed. In both cases this class opens a new channel and sets it up again.
 */
export class RecoveringChannel {
  readonly #connection: Connection;
  readonly #options: RecoveringChannelOptions;
  #channel: Channel | undefined;
  #writer: ChannelWriter | undefined;
  /** Resolves when a lost channel is open again, or given up. */
  #back: Promise<void> | undefined;
  #closed = false;
  #opening = false;

  private constructor(connection: Connection, options: RecoveringChannelOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /**
   * @throws {AccessRefusedError} if the broker refuses the first set-up. Later set-ups are tried for ever, because an
   * operator may be changing permissions
   */
  static async open(connection: Connection, options: RecoveringChannelOptions): Promise<RecoveringChannel> {
    const channel = new RecoveringChannel(connection, options);
    try {
      await channel.#retry((error) => !isAmqpException(error));
    } catch (error) {
      if (!isAmqpException(error)) throw error;
      throw new AccessRefusedError(`the broker refuses ${options.purpose}: ${error.message}`, {
        cause: error,
      });
    }
    return channel;
  }

  /** The open channel. Nothing while there is none. */
  get current(): Channel | undefined {
    return this.#channel;
  }

  /** Whether the channel is open, is being opened, or was closed on purpose. */
  get alive(): boolean {
    return this.#channel !== undefined || this.#opening || this.#closed;
  }

  /** The open channel, after waiting for one that is being reopened. Nothing if it was closed meanwhile. */
  async opened(): Promise<Channel | undefined> {
    await this.#back;
    return this.#channel;
  }

  /** Closes the channel once the broker has read everything that was sent on it, or after 5 s. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#writer?.close();
    await within(5_000, this.#channel?.close()).catch(() => {});
  }

  async #retry(worthwhile: (error: Error) => boolean): Promise<void> {
    const { purpose } = this.#options;
    this.#opening = true;
    await pRetry(() => this.#open(), {
      retries: Infinity,
      minTimeout: 100,
      maxTimeout: 2_000,
      randomize: true,
      shouldRetry: ({ error }) => !this.#closed && !this.#connection.closed && worthwhile(error),
      onFailedAttempt: ({ error }) => {
        if (this.#closed || this.#connection.closed) return;
        this.#connection.log.warn({ reason: error.message }, `could not open the channel for ${purpose}`);
      },
    }).finally(() => (this.#opening = false));
  }

  async #open(): Promise<void> {
    const { confirm, setUp, ready, lost } = this.#options;
    if (this.#closed) return;
    const channel = await this.#connection.channel(confirm);
    const writer = new ChannelWriter(channel, this.#connection.log);
    let reason: AmqpException | undefined;
    let open = true;
    channel.on("error", (error) => {
      if (isAmqpException(error)) reason = error;
    });
    channel.once("close", () => {
      open = false;
      if (this.#channel !== channel) return;
      this.#channel = undefined;
      if (this.#closed) return;
      lost?.(reason);
      this.#back = this.#retry(() => true).catch((error: unknown) =>
        this.#connection.log.debug({ error }, "channel given up: the connection is closed"),
      );
    });
    try {
      await within(setUpTime, setUp?.(channel, writer));
    } catch (error) {
      writer.close();
      // Not awaited: a broker that did not answer the set-up may not answer this either.
      if (open) channel.close().catch(() => {});
      throw reason ?? error;
    }
    if (!open) throw reason ?? new Error("the channel closed while it was set up");
    this.#channel = channel;
    this.#writer = writer;
    if (this.#closed) await this.close();
    else ready?.(writer);
  }
}

/** @throws if the work is not done within the time */
async function within(milliseconds: number, work: Promise<void> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`the broker did not answer within ${milliseconds / 1_000} s`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
