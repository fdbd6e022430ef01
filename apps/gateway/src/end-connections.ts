import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";

/** How long a client may take to finish its request once the gateway stops, in milliseconds. */
const grace = 1_000;

/**
 * Ends the connections of a gateway that stops. A connection that has no request is closed at once. Another one is closed when
 * its client has the answer, or if its client does not finish the request.
 *
 * @returns call it when the gateway stops. Resolves when the connections that are open then are closed
 */
export function endConnections(http: FastifyInstance): () => Promise<void> {
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
  return async () => {
    http.server.closeIdleConnections();
    let known = [...sockets];
    const closeUnfinished = () => {
      for (const socket of known) if (!isAnswering(newest.get(socket))) socket.destroy();
      known = [...sockets];
    };
    setInterval(closeUnfinished, grace).unref();
    const ends = known.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    await Promise.all(ends);
  };
}
