import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** Requests of one connection that may wait for earlier answers on it. */
const mostAhead = 100;

/**
 * Closes a connection that sends many requests without waiting for their answers. Node.js reads such requests without a bound,
 * and one megabyte of them may ask for a gigabyte of pictures.
 */
export function boundPipelining(http: FastifyInstance): void {
  const ahead = new WeakMap<Socket, number>();
  // Each request listens for the end of its connection.
  http.server.on("connection", (socket) => socket.setMaxListeners(0));
  http.addHook("onRequest", (request, { raw }, done) => {
    // An answer has a socket at once, unless it waits for others.
    if (raw.socket) return done();
    const { socket } = request.raw;
    const waiting = (ahead.get(socket) ?? 0) + 1;
    ahead.set(socket, waiting);
    raw.once("finish", () => ahead.set(socket, (ahead.get(socket) ?? 1) - 1));
    if (waiting > mostAhead) socket.destroy();
    else done();
  });
}
