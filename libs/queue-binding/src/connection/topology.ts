import type { Connection } from "./connection.ts";
import type { Conversation } from "../conversation.ts";
import { deliveryLimit, requestDeliveryLimit, retryDelays } from "../wire/attempts.ts";
import { isAmqpException } from "./recovering-channel.ts";

/** Queue in which a request waits for its next try. @param delay in milliseconds */
export const retryQueue = ({ queue }: Pick<Conversation, "queue">, delay: number) =>
  `${queue}.retry.${delay < 1_000 ? `${delay}ms` : `${delay / 1_000}s`}`;

/** Queue of requests that a server held when it ended or lost its connection. Each server takes one at a time. */
export const quarantineQueue = ({ queue }: Pick<Conversation, "queue">) => `${queue}.quarantine`;

const quorum = { "x-queue-type": "quorum", "x-delivery-limit": deliveryLimit };

/** The queues of one conversation. Subscribes to what exists, or creates it. */
export class Topology {
  readonly #connection: Connection;
  readonly #conversation: Conversation;
  /** Queues of which a log line has told. */
  readonly #told = new Set<string>();

  constructor(connection: Connection, conversation: Conversation) {
    this.#connection = connection;
    this.#conversation = conversation;
  }

  /**
   * The request queue, bound to its exchange, and the queue of dead letters. The request queue dead-letters nothing: servers
   * write dead letters themselves, and what has expired just goes.
   *
   * @throws an AMQP exception if one is not there and may not be created
   */
  async declare(): Promise<void> {
    const { queue, exchange, bindingKey } = this.#conversation;
    await this.declareDeadLetters();
    const limit = requestDeliveryLimit(this.#connection.brokerVersion);
    await this.#declare(queue, { ...quorum, "x-delivery-limit": limit });
    try {
      await this.#connection.withChannel((channel) => channel.bindQueue(queue, exchange, bindingKey));
    } catch (error) {
      if (!refused(error, 403)) throw error;
      this.#connection.log.warn(
        { queue, exchange, bindingKey },
        "not allowed to bind the queue: only what an operator has bound to it will come",
      );
    }
  }

  /**
   * Asks for it first: a state's server may not make it in most farms, and RabbitMQ logs each refused attempt as an error.
   *
   * @throws an AMQP exception if it is not there and may not be created
   */
  async declareDeadLetters(): Promise<void> {
    const { deadLetter } = this.#conversation;
    if (await this.#connection.counts(deadLetter)) return;
    await this.#declare(deadLetter, quorum);
  }

  /** @returns false if this user may not have one: then what was lost waits in the request queue */
  declareQuarantine(): Promise<boolean> {
    return this.#declareOptional(quarantineQueue(this.#conversation), quorum, "held beside each other");
  }

  /**
   * A queue that gives each message to the request queue after a delay. RabbitMQ moves it only once the request queue has it
   * (`at-least-once`, from 3.10 on).
   *
   * @returns false if this user may not have one: then requests are tried again at once
   */
  declareRetry(delay: number): Promise<boolean> {
    const settings = {
      ...quorum,
      "x-message-ttl": delay,
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": this.#conversation.queue,
      "x-dead-letter-strategy": "at-least-once",
      "x-overflow": "reject-publish",
    };
    return this.#declareOptional(retryQueue(this.#conversation, delay), settings, "tried again at once");
  }

  async #declareOptional(queue: string, settings: object, otherwise: string): Promise<boolean> {
    try {
      await this.#declare(queue, settings);
      return true;
    } catch (error) {
      // 404: it may not be made, and nobody has made it.
      if (!refused(error, 403) && !refused(error, 404)) throw error;
      this.#tell(queue, `not allowed to have this queue: requests that fail are ${otherwise}`, {
        mend: `allow this user to configure, write and read ^${this.#conversation.queue}(\\..*)?$`,
      });
      return false;
    }
  }

  async #declare(queue: string, settings: object): Promise<void> {
    try {
      await this.#connection.withChannel((channel) =>
        channel.assertQueue(queue, { durable: true, arguments: settings }),
      );
    } catch (error) {
      const differs = refused(error, 406);
      if (!differs && !refused(error, 403)) throw error;
      // Passive: fails with 404 if it is not there.
      await this.#connection.withChannel((channel) => channel.checkQueue(queue));
      if (!differs) return;
      this.#tell(queue, "the queue was made with other arguments and is used as it is", {
        difference: (error as Error).message,
        mend: `when nothing waits in it: rabbitmqctl delete_queue --vhost '${this.#vhost}' '${queue}'; a server makes it anew`,
      });
    }
  }

  get #vhost(): string {
    return decodeURIComponent(new URL(this.#connection.address).pathname.slice(1)) || "/";
  }

  #tell(queue: string, message: string, details: object): void {
    if (this.#told.has(queue)) return;
    this.#told.add(queue);
    this.#connection.log.warn({ queue, ...details }, message);
  }
}

const refused = (error: unknown, code: number) => isAmqpException(error) && error.code === code;

/**
 * Deletes a conversation's queue, and those in which its failed requests wait, unless somebody listens to one or something
 * waits in one. A quorum queue knows no `if-unused` and no `if-empty`: therefore they are looked at first.
 */
export async function remove(connection: Connection, queue: string): Promise<void> {
  const counts = await connection.counts(queue);
  if (!counts || counts.servers > 0) return;
  const retries = retryDelays.map((delay) => retryQueue({ queue }, delay));
  for (const name of [...retries, quarantineQueue({ queue }), queue]) {
    const { waiting } = (await connection.counts(name)) ?? {};
    if (waiting === 0) await connection.withChannel((channel) => channel.deleteQueue(name));
    else if (waiting !== undefined) return;
  }
}
