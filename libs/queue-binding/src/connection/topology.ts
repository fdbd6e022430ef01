import { checkText } from "../checks.ts";
import type { Connection } from "./connection.ts";
import type { Conversation } from "../conversation.ts";
import { deliveryLimit, requestDeliveryLimit, retryDelays } from "../wire/attempts.ts";
import { isAmqpException } from "./recovering-channel.ts";

/** Queue in which a request waits for its next try. @param delay in milliseconds */
export const retryQueue = ({ queue }: Pick<Conversation, "queue">, delay: number) =>
  `${queue}.retry.${delay < 1_000 ? `${delay}ms` : `${delay / 1_000}s`}`;

/** Queue of requests that were delivered to a server which then ended or lost its connection. Each server takes one at a time. */
export const quarantineQueue = ({ queue }: Pick<Conversation, "queue">) => `${queue}.quarantine`;

const quorum = { "x-queue-type": "quorum", "x-delivery-limit": deliveryLimit };

/** The queues of one conversation: uses those that exist, and declares the others. */
export class Topology {
  readonly #connection: Connection;
  readonly #conversation: Conversation;
  /** Queues with a warning in the log. */
  readonly #told = new Set<string>();

  constructor(connection: Connection, conversation: Conversation) {
    this.#connection = connection;
    this.#conversation = conversation;
  }

  /**
   * Declares the request queue, its binding and the queue of dead letters. The request queue has no dead-letter exchange:
   * servers publish dead letters themselves, and expired requests are dropped.
   *
   * @throws an AMQP exception if a queue does not exist and may not be created
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
        "not allowed to bind the queue: it gets messages only through an operator's bindings",
      );
    }
  }

  /**
   * Looks for the queue of dead letters first. In most farms a state's server may not declare it, and RabbitMQ logs each
   * refused declaration as an error.
   *
   * @throws an AMQP exception if it does not exist and may not be created
   */
  async declareDeadLetters(): Promise<void> {
    const { deadLetter } = this.#conversation;
    if (await this.#connection.counts(deadLetter)) return;
    await this.#declare(deadLetter, quorum);
  }

  /** @returns false if this user may not declare it: then requests of lost servers stay in the request queue */
  declareQuarantine(): Promise<boolean> {
    return this.#declareOptional(
      quarantineQueue(this.#conversation),
      quorum,
      "requests of lost servers stay in the request queue",
    );
  }

  /**
   * Declares a queue whose messages go to the request queue after a delay. RabbitMQ removes a message here only once the
   * request queue has it (`at-least-once`, from 3.10 on).
   *
   * @returns false if this user may not declare it: then requests are tried again at once
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
    return this.#declareOptional(
      retryQueue(this.#conversation, delay),
      settings,
      "failed requests are tried again at once",
    );
  }

  async #declareOptional(queue: string, settings: object, otherwise: string): Promise<boolean> {
    try {
      await this.#declare(queue, settings);
      return true;
    } catch (error) {
      // 404: the queue does not exist, and this user may not declare it.
      if (!refused(error, 403) && !refused(error, 404)) throw error;
      this.#tell(queue, `not allowed to use this queue: ${otherwise}`, {
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
      // A passive declaration fails with 404 if the queue does not exist.
      await this.#connection.withChannel((channel) => channel.checkQueue(queue));
      if (!differs) return;
      this.#tell(queue, "the queue was made with other arguments and is used as it is", {
        difference: (error as Error).message,
        mend: `when nothing waits in it: rabbitmqctl delete_queue --vhost '${this.#vhost}' '${queue}'; a server declares it again`,
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
 * Deletes a conversation's queue, its retry queues and its quarantine queue. A queue with a consumer or a message stays.
 * Quorum queues do not support `if-unused` and `if-empty`, so the counts are read first.
 */
export async function remove(connection: Connection, queue: string): Promise<void> {
  checkText("queue", queue);
  const counts = await connection.counts(queue);
  if (!counts || counts.servers > 0) return;
  const retries = retryDelays.map((delay) => retryQueue({ queue }, delay));
  for (const name of [...retries, quarantineQueue({ queue }), queue]) {
    const { waiting } = (await connection.counts(name)) ?? {};
    if (waiting === 0) await connection.withChannel((channel) => channel.deleteQueue(name));
    else if (waiting !== undefined) return;
  }
}
