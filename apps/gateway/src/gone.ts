import type { FastifyReply } from "fastify";

/** Aborts when the client disconnects before it has its answer. */
export function gone(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) left.abort(new Error("the client has gone"));
  });
  return left.signal;
}
