import { setTimeout as pause } from "node:timers/promises";
import type { Duplex } from "node:stream";
import amqplib, { type Channel, type ChannelModel, type RecoveringChannelModel } from "amqplib";
import { parseBrokerUrls, type BrokerAddress } from "./broker-url.ts";
import { AccessRefusedError, ClosedError, BrokerUnreachableError, type QueueCounts } from "../errors.ts";
import { silent, type Log } from "../log.ts";

export interface ConnectionOptions {
  /** What RabbitMQ shows as the name of the connection: which process this is. */
  name: string;
  /** Seconds without a sign of life after which the other side counts as gone (noticed within three times that). @default 10 */
  heartbeat?: number;
  /**
   * How long the first connection is tried, in milliseconds; each address is tried at least once. Once connected,
   * a connection that is lost is tried again for ever. @default 0
   */
  patience?: number;
  /** Password of the user, in place of what the URLs say. */
  password?: string;
  /** Gives up the first connection. */
  signal?: AbortSignal;
  /** @default silent */
  log?: Log;
}

/** A connection to one of several broker nodes that comes back when it is lost. */
export class Connection {
  readonly log: Log;
  /** Opens a connection like this one, for what may cost it. */
  readonly another: () => Promise<Connection>;
  readonly #addresses: BrokerAddress[];
  /** Each process begins with another node of a cluster. */
  #turn = Math.floor(Math.random() * 1_000);
  #model!: RecoveringChannelModel;
  #live: ChannelModel | undefined;
  #blocked: string | undefined;
  #closed = false;
  #connections = 0;
  readonly #counting = new Map<string, Promise<QueueCounts | undefined>>();

  private constructor(addresses: BrokerAddress[], log: Log, another: () => Promise<Connection>) {
    this.#addresses = addresses;
    this.log = log;
    this.another = another;
  }

  /**
   * @param urls one or several broker URLs, separated by commas
   * @throws {TypeError} if one is no AMQP URL
   * @throws {BrokerUnreachableError} if no broker answers within the patience
   * @throws {AccessRefusedError} if the broker refuses the credentials or the virtual host, or its certificate is not trusted
   */
  static async open(urls: string, options: ConnectionOptions): Promise<Connection> {
    const { log = silent, heartbeat = 10, password } = options;
    const another = () => Connection.open(urls, { ...options, log: silent });
    const connection = new Connection(parseBrokerUrls(urls, heartbeat, password), log, another);
    await connection.#open(options);
    return connection;
  }

  /** The address that is used now, or tried next, without its password. */
  get address(): string {
    return this.#address.shown;
  }

  get connected(): boolean {
    return this.#live !== undefined;
  }

  /** Why the broker takes no messages at present (a memory or disk alarm); nothing while it does. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** How often the connection was lost and came back. */
  get reconnections(): number {
    return Math.max(0, this.#connections - 1);
  }

  get #address(): BrokerAddress {
    return this.#addresses[this.#turn % this.#addresses.length] as BrokerAddress;
  }

  async #open({ name, patience = 0, signal }: ConnectionOptions): Promise<void> {
    // amqplib reads this object anew at each attempt: to try another node is to change it.
    const target = { ...this.#address.options };
    const tryNext = () => {
      this.#turn += 1;
      Object.assign(target, this.#address.options);
    };
    this.#model = await amqplib.connect(target, {
      ...this.#address.tls,
      // Without it Nagle's algorithm and delayed acknowledgements turn a 0.5 ms request into 44 ms.
      noDelay: true,
      timeout: 10_000,
      clientProperties: { connection_name: name },
      recovery: { initialDelay: 100, maxDelay: 2_000, waitForConnect: false },
    });
    this.#model.on("connect", (model) => {
      this.#live = model;
      this.#connections += 1;
      this.log.info({ broker: this.address }, "connected to the broker");
    });
    this.#model.on("disconnect", (error) => {
      this.#live = undefined;
      this.#blocked = undefined;
      this.log.warn({ broker: this.address, reason: error.message }, "lost the broker, connecting again");
      tryNext();
    });
    this.#model.on("blocked", (reason) => {
      this.#blocked = reason;
      this.log.warn({ broker: this.address, reason }, "the broker takes no messages at present");
    });
    this.#model.on("unblocked", () => {
      this.#blocked = undefined;
      this.log.info({ broker: this.address }, "the broker takes messages again");
    });
    // Connection errors are followed by "disconnect", which tells of them.
    this.#model.on("error", () => {});

    const began = performance.now();
    let failures = 0;
    let succeed: () => void;
    let fail: (reason: unknown) => void;
    const first = new Promise<void>((resolve, reject) => {
      succeed = resolve;
      fail = reject;
    });
    this.#model.on("connect-failed", (error) => {
      failures += 1;
      const refusal = refusalFrom(error, this.address);
      const tried = failures >= this.#addresses.length && performance.now() - began >= patience;
      if (refusal && this.#connections === 0) fail(refusal);
      else if (tried && this.#connections === 0) fail(unreachable(error, this.#addresses));
      else this.log.warn({ broker: this.address, reason: error.message }, "no connection yet, trying again");
      tryNext();
    });
    this.#model.once("connect", () => succeed());
    const abort = () => fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    try {
      await first;
    } catch (error) {
      await this.close(0);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Opens a channel as soon as there is a connection. @throws {ClosedError} once this connection is closed */
  channel(confirm = false): Promise<Channel> {
    if (this.#closed) return Promise.reject(new ClosedError("the connection is closed"));
    return confirm ? this.#model.createConfirmChannel() : this.#model.createChannel();
  }

  /**
   * Runs one risky operation on a channel of its own: a refused declaration closes the channel it came on.
   *
   * @throws whatever the operation throws; an AMQP exception has its reply code in `code`
   */
  async withChannel<Result>(operation: (channel: Channel) => Promise<Result>): Promise<Result> {
    const channel = await this.channel();
    channel.on("error", () => {}); // the operation rejects with it
    try {
      return await operation(channel);
    } finally {
      channel.close().catch(() => {}); // already closed if the operation failed
    }
  }

  /**
   * Asks the broker how many requests wait in a queue and how many servers listen to it.
   *
   * @returns nothing if there is no such queue, or the broker could not say within a second
   */
  counts(queue: string): Promise<QueueCounts | undefined> {
    const running = this.#counting.get(queue);
    if (running) return running;
    const asked = this.withChannel((channel) => channel.checkQueue(queue)).then(
      ({ messageCount, consumerCount }) => ({ waiting: messageCount, servers: consumerCount }),
      () => undefined,
    );
    const counts = Promise.race([asked, pause(1_000, undefined, { ref: false })]).finally(() =>
      this.#counting.delete(queue),
    );
    this.#counting.set(queue, counts);
    return counts;
  }

  /** Says goodbye to the broker; a broker that does not answer within the time, in milliseconds, is left without. */
  async close(timeout = 5_000): Promise<void> {
    this.#closed = true;
    const model = this.#live;
    await Promise.race([this.#model.close(), pause(timeout, undefined, { ref: false })]);
    // Documented nowhere but there since amqplib's first version: the socket of a connection.
    (model?.connection as { stream?: Duplex } | undefined)?.stream?.destroy();
  }
}

/** Codes of Node's TLS errors that say: one of the certificates is not trusted, or this is no TLS at all. */
const untrusted = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO)/;

/** A failed first connection that no second attempt would mend. */
function refusalFrom(error: Error & { code?: string }, address: string): AccessRefusedError | undefined {
  if (/terminated by server: 403/.test(error.message)) {
    return new AccessRefusedError(
      `the broker at ${address} refused the user name or password. Check the credentials in the broker URL.`,
      { cause: error },
    );
  }
  // amqplib does not pass on what RabbitMQ says when it refuses connection.open.
  if (/Expected ConnectionOpenOk; got <ConnectionClose/.test(error.message)) {
    return new AccessRefusedError(
      `the broker at ${address} refused the virtual host: it does not exist, or this user may not use it. ` +
        `It is the path of the broker URL; amqp://host/ means the virtual host "/".`,
      { cause: error },
    );
  }
  if (untrusted.test(error.code ?? "")) {
    return new AccessRefusedError(
      `no trusted TLS connection to ${address}: ${error.message}. ` +
        `Check that the port speaks TLS and that the broker's CA is the one that cacertfile names in the URL; ` +
        `a broker that asks for it needs certfile and keyfile, too.`,
      { cause: error },
    );
  }
  return undefined;
}

function unreachable(error: Error & { code?: string }, addresses: BrokerAddress[]): BrokerUnreachableError {
  const where = addresses.map(({ shown }) => shown).join(", ");
  // A host name with several addresses fails with an AggregateError, whose message is empty.
  const why = error.message || error.code || error.name;
  return new BrokerUnreachableError(`no broker answers at ${where} (${why}). Is RabbitMQ running there?`, {
    cause: error,
  });
}
