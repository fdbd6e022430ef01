import { setTimeout as pause } from "node:timers/promises";
import amqplib, { type Channel, type ChannelModel, type RecoveringChannelModel } from "amqplib";
import { closedAtOnce, discard, wireOf } from "./amqplib-wire.ts";
import { parseBrokerUrls, type BrokerAddress } from "./broker-url.ts";
import { ClosedError, type QueueCounts } from "../errors.ts";
import { silent, type Log } from "../log.ts";
import { boundDecoding } from "../wire/bounded-decoding.ts";
import { OpenSockets } from "./open-sockets.ts";
import type { ConnectionOptions } from "./options.ts";
import { reasonOf, refusalFrom, unreachable } from "./refusals.ts";

/** Longest time between two attempts to connect, in milliseconds: ten seconds for an attempt, two for the pause, and a margin. */
const longestAttempt = 30_000;

/** A connection to one of several broker nodes. It recovers when it is lost. */
export class Connection {
  readonly log: Log;
  /** Opens a second connection like this one, for operations that may make the broker close it. */
  readonly another: (purpose?: string) => Promise<Connection>;
  readonly #addresses: BrokerAddress[];
  /** Position in the list of addresses. It begins at random, so that the processes spread over a cluster's nodes. */
  #turn = Math.floor(Math.random() * 1_000);
  /** Options of the next attempt. amqplib reads this object each time. */
  readonly #target: BrokerAddress["options"];
  #model!: RecoveringChannelModel;
  #live: ChannelModel | undefined;
  /** When the connection was lost, in milliseconds of `performance.now()`. */
  #lost = performance.now();
  #blocked: string | undefined;
  /** Closes every socket when it aborts, also one that is just being opened. */
  readonly #sockets = new OpenSockets();
  /** When a connection was last lost or tried, in milliseconds of `performance.now()`. */
  #tried = performance.now();
  #closing: Promise<void> | undefined;
  readonly #unblocked: (() => void)[] = [];
  #connections = 0;
  #brokerFaults = 0;
  readonly #counting = new Map<string, Promise<QueueCounts | undefined>>();

  private constructor(addresses: BrokerAddress[], log: Log, another: Connection["another"]) {
    this.#addresses = addresses;
    this.#target = { ...this.#address.options };
    this.log = log;
    this.another = another;
  }

  /**
   * @param urls one or several broker URLs, separated by commas
   * @throws {TypeError} if one is not an AMQP URL
   * @throws {BrokerUnreachableError} if no broker answers within the patience
   * @throws {AccessRefusedError} if the broker refuses the credentials or the virtual host, or its certificate is not trusted
   */
  static async open(urls: string, options: ConnectionOptions): Promise<Connection> {
    const { log = silent, heartbeat = 10, password } = options;
    // The signal cancels only the first connection, because a stopping server may still need another one for a last reply.
    const { signal: _, ...others } = options;
    const another = (purpose?: string) => {
      const name = purpose === undefined ? others.name : `${purpose}: ${others.name}`;
      return Connection.open(urls, { ...others, name, log: silent });
    };
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

  /** For how long there has been no connection, in milliseconds; 0 while there is one. */
  get lostFor(): number {
    return this.#live ? 0 : performance.now() - this.#lost;
  }

  /** Why the broker takes no messages at present (a memory or disk alarm). Nothing while it takes them. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Calls the listener each time the broker takes messages again after an alarm. */
  onUnblocked(listener: () => void): void {
    this.#unblocked.push(listener);
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Whether there is a connection, or one is being opened. Anything else is a fault in this library: restart the process. */
  get alive(): boolean {
    if (this.closed) return true;
    if (this.#live) return wireOf(this.#live).stream.writable;
    return performance.now() - this.#tried < longestAttempt;
  }

  /** How often the connection was lost and came back. */
  get reconnections(): number {
    return Math.max(0, this.#connections - 1);
  }

  /** How often the broker ended the connection because of a fault of its own. */
  get brokerFaults(): number {
    return this.#brokerFaults;
  }

  /** Version of the broker, such as 4.3.6. Nothing while there is no connection. */
  get brokerVersion(): string | undefined {
    return this.#live && String(wireOf(this.#live).serverProperties?.["version"]);
  }

  get #address(): BrokerAddress {
    return this.#addresses[this.#turn % this.#addresses.length] as BrokerAddress;
  }

  async #open({ name, patience = 0, signal }: ConnectionOptions): Promise<void> {
    this.#model = await amqplib.connect(this.#target, {
      ...this.#address.tls,
      // Not in amqplib's types, but every option goes to Node's net.connect or tls.connect.
      ...{ signal: this.#sockets },
      // Otherwise Nagle's algorithm and delayed TCP acknowledgements turn a 0.5 ms request into 44 ms.
      noDelay: true,
      timeout: 10_000,
      clientProperties: { connection_name: name },
      recovery: {
        initialDelay: 100,
        maxDelay: 2_000,
        waitForConnect: false,
        setup: (model, done) => done(closedAtOnce(model)),
      },
    });
    this.#model.on("connect", (model) => this.#connected(model));
    this.#model.on("disconnect", (error) => this.#disconnected(error));
    this.#model.on("blocked", (reason) => {
      this.#blocked = reason;
      this.log.warn({ broker: this.address, reason }, "the broker takes no messages at present");
    });
    this.#model.on("unblocked", () => {
      this.#blocked = undefined;
      this.log.info({ broker: this.address }, "the broker takes messages again");
      for (const listener of this.#unblocked) listener();
    });
    // A "disconnect" follows each connection error, and is logged above.
    this.#model.on("error", () => {});
    try {
      await this.#first(patience, signal);
    } catch (error) {
      await this.close(0);
      throw error;
    }
  }

  #connected(model: ChannelModel): void {
    try {
      boundDecoding(model);
    } catch (error) {
      const reason = (error as Error).message;
      this.log.error(
        { reason },
        "this version of amqplib is unknown: a message with nested headers can end this process's connection",
      );
    }
    this.#live = model;
    // A `connection.blocked` that comes together with connection.open-ok is emitted before this listener exists.
    if (wireOf(model).blocked) this.#blocked = "it was blocked when it was connected to";
    this.#connections += 1;
    this.log.info({ broker: this.address }, "connected to the broker");
  }

  #disconnected(error: Error & { code?: unknown }): void {
    if (error.code === internalError) this.#brokerFaults += 1;
    if (this.#live) discard(wireOf(this.#live));
    if (this.#live) this.#lost = performance.now();
    this.#live = undefined;
    this.#blocked = undefined;
    this.log.warn({ broker: this.address, reason: error.message }, "lost the broker, connecting again");
    this.#tryNext();
  }

  /** Notes an attempt that failed, and selects the next node. */
  #tryNext(): void {
    this.#sockets.letGo();
    this.#tried = performance.now();
    this.#turn += 1;
    Object.assign(this.#target, this.#address.options);
  }

  /**
   * Resolves at the first connection. Logs every attempt that fails, later ones too.
   *
   * @throws why another attempt would not help, or the signal's reason
   */
  async #first(patience: number, signal: AbortSignal | undefined): Promise<void> {
    const began = performance.now();
    let failures = 0;
    let abort = () => {};
    await new Promise<void>((resolve, reject) => {
      this.#model.on("connect-failed", (error) => {
        if (this.closed) return;
        failures += 1;
        const refusal = refusalFrom(error, this.address);
        const tried = failures >= this.#addresses.length && performance.now() - began >= patience;
        if (refusal && this.#connections === 0) reject(refusal);
        else if (tried && this.#connections === 0) reject(unreachable(error, this.#addresses));
        else
          this.log.warn({ broker: this.address, reason: reasonOf(error) }, "no connection yet, trying again");
        this.#tryNext();
      });
      this.#model.once("connect", () => resolve());
      abort = () => reject(signal?.reason as Error);
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
    }).finally(() => signal?.removeEventListener("abort", abort));
  }

  /** Opens a channel as soon as there is a connection. @throws {ClosedError} once this connection is closed */
  channel(confirm = false): Promise<Channel> {
    if (this.closed) return Promise.reject(new ClosedError("the connection is closed"));
    return confirm ? this.#model.createConfirmChannel() : this.#model.createChannel();
  }

  /**
   * Runs one operation on a new channel, because the broker closes the channel of an operation that it refuses.
   *
   * @throws the errors of the operation; an AMQP exception has its reply code in `code`
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

  /** Closes the connection. @param timeout milliseconds to wait for the broker's answer; then the socket is closed */
  close(timeout = 5_000): Promise<void> {
    return (this.#closing ??= this.#close(timeout));
  }

  async #close(timeout: number): Promise<void> {
    await Promise.race([this.#model.close(), pause(timeout, undefined, { ref: false })]);
    this.#live = undefined;
    this.#sockets.abort(new ClosedError("the connection is closed"));
  }
}

/** RabbitMQ's code for a fault of its own. */
const internalError = 541;
