import type { FastifyReply } from "fastify";

/**
 * Calls back once: when the answer was sent, or when its connection was closed before.
 *
 * The answer's own event `close` is not enough: an answer that waits behind another one on its connection never emits it.
 */
export function whenEnded({ raw, request }: FastifyReply, then: (sent: boolean) => void): void {
  const { socket } = request.raw;
  const sent = () => {
    socket.off("close", lost);
    then(true);
  };
  const lost = () => {
    raw.off("finish", sent);
    then(false);
  };
  if (socket.destroyed) return then(false);
  raw.once("finish", sent);
  socket.once("close", lost);
}

/** Aborts when the client disconnects before it has its answer. */
export function gone(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  whenEnded(reply, (sent) => sent || left.abort(new Error("the client has gone")));
  return left.signal;
}
