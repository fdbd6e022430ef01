import type { ConsumeMessage } from "amqplib";
import type { ChannelWriter } from "../wire/channel-writer.ts";

/**
 * Acknowledges the requests that were finished in one turn of the event loop with few frames. One frame acknowledges all
 * deliveries before the oldest unfinished one. Each later delivery takes one frame. On a quorum queue this gives 1.04 times
 * the requests per second (docs/performance.md).
 */
export class Acknowledgements {
  readonly #writer: Pick<ChannelWriter, "soon" | "ack" | "nack">;
  readonly #unsettled = new Set<number>();
  #finished: ConsumeMessage[] = [];
  /** Oldest unsettled delivery tag. Tags count up from 1 on each channel. */
  #oldest = 1;
  #newest = 0;

  constructor(writer: Pick<ChannelWriter, "soon" | "ack" | "nack">) {
    this.#writer = writer;
  }

  delivered({ fields: { deliveryTag } }: ConsumeMessage): void {
    this.#unsettled.add(deliveryTag);
    this.#newest = deliveryTag;
  }

  /** @throws if the channel is closed */
  finished(message: ConsumeMessage): void {
    if (this.#finished.length === 0) this.#writer.soon(this.#send);
    this.#unsettled.delete(message.fields.deliveryTag);
    this.#finished.push(message);
  }

  /** Rejects a delivery, with or without requeueing it. @throws if the channel is closed */
  rejected(message: ConsumeMessage, requeue: boolean): void {
    this.#writer.nack(message, requeue);
    this.#unsettled.delete(message.fields.deliveryTag);
  }

  readonly #send = (): void => {
    while (this.#oldest <= this.#newest && !this.#unsettled.has(this.#oldest)) this.#oldest += 1;
    let last: ConsumeMessage | undefined;
    for (const message of this.#finished) {
      const { deliveryTag } = message.fields;
      if (deliveryTag > this.#oldest) this.#writer.ack(message, false);
      else if (!last || deliveryTag > last.fields.deliveryTag) last = message;
    }
    if (last) this.#writer.ack(last, true);
    this.#finished = [];
  };
}
