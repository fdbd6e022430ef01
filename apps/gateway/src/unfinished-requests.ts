import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";

/** How long a client may take to finish its request once the gateway stops, in milliseconds. */
const grace = 1_000;

/**
 * Closes the connections of clients that do not finish their request. A server that is being closed waits for them, because
 * Node.js ends its own timeouts of requests at the same time.
 *
 * @returns call it when the server is being closed
 */
export function closeUnfinished(http: FastifyInstance): () => void {
  const sockets = new Set<Socket>();
  const newest = new WeakMap<Socket, FastifyReply>();
  http.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  http.addHook("onRequest", ({ raw }, reply, done) => {
    newest.set(raw.socket, reply);
    done();
  });
  const isAnswering = (reply: FastifyReply | undefined) =>
    reply !== undefined && reply.request.raw.complete && !reply.raw.writableFinished;
  const close = () => {
    for (const socket of sockets) if (!isAnswering(newest.get(socket))) socket.destroy();
  };
  return () => void setInterval(close, grace).unref();
}
