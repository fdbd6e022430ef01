import type { Socket } from "node:net";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

/** Bytes that a listener may leave unread. The connection of a listener that leaves more is closed. */
const mostUnread = 512 * 1_024;

/** Milliseconds after which a listener that lost its stream connects again. Random, so that not all connect at once. */
const retry = () => 1_000 + Math.floor(Math.random() * 2_000);

/** An event of a stream (HTML standard, 9.2.6). */
export const framed = (event: string, id: string, data: string): Buffer =>
  Buffer.from(`event: ${event}\nid: ${id}\ndata: ${data}\n\n`);

/** How long a listener may take to read the last event, in milliseconds. */
const patience = 1_000;

/** The connections that listen to an event stream. Each event is one buffer, which all sockets share. */
export class Listeners {
  readonly #sockets = new Set<Socket>();
  #dropped = 0;

  get size(): number {
    return this.#sockets.size;
  }

  /** Listeners that were dropped because they did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Begins a stream. From now on the socket belongs to it, and the connection ends with the stream. So one buffer with an event
   * serves all connections.
   *
   * @param headers of the response @param newest the newest event, if there is one
   */
  add(response: ServerResponse, headers: OutgoingHttpHeaders, newest: Buffer | undefined): void {
    const { socket } = response;
    if (!socket || socket.destroyed) return;
    response.removeHeader("transfer-encoding");
    response.writeHead(200, { ...headers, connection: "close" });
    response.flushHeaders();
    socket.setTimeout(0);
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.write(`retry: ${retry()}\n\n`);
    if (newest) socket.write(newest);
  }

  send(event: Buffer): void {
    for (const socket of this.#sockets) {
      if (socket.writableLength <= mostUnread) socket.write(event);
      else {
        this.#dropped += 1;
        socket.destroy();
      }
    }
  }

  /** Sends a last event, and ends all streams. */
  end(event: Buffer): void {
    for (const socket of this.#sockets) socket.end(event, () => socket.destroy());
    setTimeout(() => this.#sockets.forEach((socket) => socket.destroy()), patience).unref();
  }
}
