import type { FastifyReply } from "fastify";

/** Aborts when the client goes before it has its answer: then nobody needs to work on it. */
export function gone(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) left.abort(new Error("the client has gone"));
  });
  return left.signal;
}
