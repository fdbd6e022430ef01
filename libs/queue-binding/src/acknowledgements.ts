import type { ConsumeMessage } from "amqplib";
import type { Outbox } from "./outbox.ts";

/**
 * Acknowledges what was finished in one turn of the event loop with as few frames as there can be: one for all that was
 * delivered before the oldest request which is still in work or waiting, and one for each that was delivered after it.
 * On a quorum queue 1.04 times the requests per second (docs/performance.md).
 */
export class Acknowledgements {
  readonly #outbox: Pick<Outbox, "soon" | "ack" | "nack">;
  readonly #unsettled = new Set<number>();
  #finished: ConsumeMessage[] = [];
  /** Delivery tags count up from 1 on each channel: all below this one are settled. */
  #oldest = 1;
  #newest = 0;

  constructor(outbox: Pick<Outbox, "soon" | "ack" | "nack">) {
    this.#outbox = outbox;
  }

  delivered({ fields: { deliveryTag } }: ConsumeMessage): void {
    this.#unsettled.add(deliveryTag);
    this.#newest = deliveryTag;
  }

  /** @throws if the channel is closed */
  finished(message: ConsumeMessage): void {
    if (this.#finished.length === 0) this.#outbox.soon(this.#send);
    this.#unsettled.delete(message.fields.deliveryTag);
    this.#finished.push(message);
  }

  /** Gives it back, or away. @throws if the channel is closed */
  rejected(message: ConsumeMessage, requeue: boolean): void {
    this.#outbox.nack(message, requeue);
    this.#unsettled.delete(message.fields.deliveryTag);
  }

  readonly #send = (): void => {
    while (this.#oldest <= this.#newest && !this.#unsettled.has(this.#oldest)) this.#oldest += 1;
    let last: ConsumeMessage | undefined;
    for (const message of this.#finished) {
      const { deliveryTag } = message.fields;
      if (deliveryTag > this.#oldest) this.#outbox.ack(message, false);
      else if (!last || deliveryTag > last.fields.deliveryTag) last = message;
    }
    if (last) this.#outbox.ack(last, true);
    this.#finished = [];
  };
}
