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
    try {
      if (!request.together || !request.queue.batches) return this.#publish(request);
      request.sent = performance.now();
      if (this.#together.length === 0) this.#writer.soon(() => this.#endOfTurn());
      this.#together.push(request);
    } catch (error) {
      this.#unsent([request], error);
    }
  }

  #endOfTurn(): void {
    const requests = this.#together.filter(this.#listener.isPending);
    this.#together = [];
    for (const parts of messagesOf(requests)) {
      try {
        if (parts.length > 1) this.#publishBatch(parts);
        else this.#publish(parts[0] as PendingRequest);
      } catch (error) {
        this.#unsent(parts, error);
      }
    }
  }

  #publish(request: PendingRequest): void {
    const { id, conversation, body, expires, context, together } = request;
    request.sent = performance.now();
    request.batch = undefined;
    const headers = together ? understands : undefined;
    const expiration = expires - request.sent;
    publishRequest(this.#writer, { id, conversation, body, expiration, context, headers });
  }

  #publishBatch(parts: readonly PendingRequest[]): void {
    const [{ conversation, context }] = parts as [PendingRequest];
    const now = performance.now();
    const id = randomBatchId();
    for (const request of parts) {
      request.sent = now;
      request.batch = id;
    }
    // The broker drops a whole batch at the first deadline. The other deadlines follow within a tick.
    const expiration = Math.min(...parts.map(({ expires }) => expires)) - now;
    publishRequest(this.#writer, { id, conversation, expiration, context, ...batched(parts) });
  }

  #unsent(requests: readonly PendingRequest[], error: unknown): void {
    // A RangeError or TypeError: AMQP cannot carry it. Else the channel closed in this turn, and the next one sends them.
    if (error instanceof RangeError || error instanceof TypeError) this.#listener.failed(requests, error);
    else for (const request of requests) request.sent = 0;
  }
}
