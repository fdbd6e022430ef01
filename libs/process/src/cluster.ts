import { BrokerUnreachableError, type Broker } from "@weather/queue-binding";

/** One cluster. The connection is opened when it is first needed. */
export class Cluster {
  /** Its broker URLs without passwords. */
  readonly address: string;
  readonly #connect: (signal: AbortSignal) => Promise<Broker>;
  readonly #left = new AbortController();
  #opening: Promise<Broker> | undefined;
  #broker: Broker | undefined;
  /** Why the last attempt failed. */
  #error: Error | undefined;

  constructor(address: string, connect: (signal: AbortSignal) => Promise<Broker>) {
    this.address = address;
    this.#connect = connect;
  }

  /** Resolves to the connection as soon as there is one. If an attempt failed, the next call tries again. */
  open(): Promise<Broker> {
    return (this.#opening ??= this.#connect(this.#left.signal).then(
      (broker) => (this.#broker = broker),
      (error: unknown) => {
        this.#opening = undefined;
        this.#error = error as Error;
        throw error;
      },
    ));
  }

  /** The broker. @throws {BrokerUnreachableError|AccessRefusedError} until the first connection, which it opens */
  get broker(): Broker {
    if (this.#broker) return this.#broker;
    this.open().catch(() => {}); // the next call tells
    throw this.#error ?? new BrokerUnreachableError(`there is no connection to ${this.address} yet`);
  }

  /** The broker, if there has been a connection. The connection may be lost now. */
  get known(): Broker | undefined {
    return this.#broker;
  }

  get connected(): boolean {
    return this.#broker?.connected ?? false;
  }

  /** The broker, if it is connected now. Otherwise it tries to connect again. */
  get connectedBroker(): Broker | undefined {
    this.open().catch(() => {}); // a later call sees whether it is connected
    return this.connected ? this.#broker : undefined;
  }

  /** Waits for the replies of requests that were sent, and closes the connection. @param timeout in milliseconds */
  async drain(timeout?: number): Promise<void> {
    this.#left.abort(new BrokerUnreachableError(`the connection to ${this.address} is closed`));
    const broker = await this.#opening?.catch(() => undefined);
    await broker?.drain(timeout);
  }
}
