import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import type { FastifyReply } from "fastify";

/**
 * Calls back once: when the answer was sent, or when its connection was closed before.
 *
 * The answer's own event `close` is not enough: an answer that waits behind another one on its connection never emits it.
 */
export function whenEnded({ raw, request }: FastifyReply, then: () => void): void {
  const { socket } = request.raw;
  const sent = () => {
    socket.off("close", lost);
    then();
  };
  const lost = () => {
    raw.off("finish", sent);
    then();
  };
  if (socket.destroyed) return then();
  raw.once("finish", sent);
  socket.once("close", lost);
}

const signals = new WeakMap<Socket, AbortSignal>();

/** Aborts when the client disconnects. All requests of a connection share it. */
export function gone({ request }: FastifyReply): AbortSignal {
  const { socket } = request.raw;
  const known = signals.get(socket);
  if (known) return known;
  const left = new AbortController();
  // Each request of the connection listens to it.
  setMaxListeners(0, left.signal);
  signals.set(socket, left.signal);
  const leave = () => left.abort(new Error("the client has gone"));
  if (socket.destroyed) leave();
  else socket.once("close", leave);
  return left.signal;
}
