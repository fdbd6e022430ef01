import type { ChannelWriter } from "../wire/channel-writer.ts";
import { batched, understands } from "../wire/batch.ts";
import { publishRequest } from "../wire/request.ts";
import { messagesOf } from "./batcher.ts";
import type { PendingRequest } from "./pending-requests.ts";
import { randomBatchId } from "./request-ids.ts";

interface Listener {
  /** Whether a request is still unanswered. It may fail before the turn ends. */
  readonly isPending: (request: PendingRequest) => boolean;
  /** Called with requests that AMQP cannot carry. */
  readonly failed: (requests: readonly PendingRequest[], error: unknown) => void;
}

/** Sends requests on one channel. If the servers understand batches, the requests of one turn travel together. */
export class RequestSender {
  readonly #writer: ChannelWriter;
  readonly #listener: Listener;
  #together: PendingRequest[] = [];

  constructor(writer: ChannelWriter, listener: Listener) {
    this.#writer = writer;
    this.#listener = listener;
  }

  send(request: PendingRequest): void {
    request.sent = performance.now();
    this.#try([request], () => {
      if (!request.together || !request.queue.batches) return this.#publish([request]);
      if (this.#together.length === 0) this.#writer.soon(() => this.#endOfTurn());
      this.#together.push(request);
    });
  }

  #endOfTurn(): void {
    const requests = this.#together.filter(this.#listener.isPending);
    this.#together = [];
    for (const parts of messagesOf(requests)) this.#try(parts, () => this.#publish(parts));
  }

  #publish(parts: readonly PendingRequest[]): void {
    const [first] = parts as [PendingRequest];
    const now = performance.now();
    const batch = parts.length > 1 ? randomBatchId() : undefined;
    for (const request of parts) {
      request.sent = now;
      request.batch = batch;
    }
    const { conversation, context } = first;
    // The broker drops a whole batch at the first deadline. The other deadlines follow within a tick.
    const expiration = Math.min(...parts.map(({ expires }) => expires)) - now;
    const common = { conversation, context, expiration };
    if (batch) return publishRequest(this.#writer, { ...common, id: batch, ...batched(parts) });
    const headers = first.together ? understands : undefined;
    publishRequest(this.#writer, { ...common, id: first.id, body: first.body, headers });
  }

  #try(requests: readonly PendingRequest[], send: () => void): void {
    try {
      send();
    } catch (error) {
      // A RangeError or TypeError: AMQP cannot carry it. Else the channel closed in this turn, and the next one sends them.
      if (error instanceof RangeError || error instanceof TypeError) this.#listener.failed(requests, error);
      else for (const request of requests) request.sent = 0;
    }
  }
}
