import type { FastifyReply, FastifyRequest } from "fastify";
import type { Answer } from "./answer.ts";

/**
 * Says how long an answer is valid, and by what it is known again.
 *
 * @param look tells one representation of the answer from others
 * @returns whether the client has it already: then 304 is to be sent
 */
export function cached(
  request: FastifyRequest,
  reply: FastifyReply,
  { digest, until }: Pick<Answer, "digest" | "until">,
  look: string,
): boolean {
  const seconds = Math.max(0, Math.floor((until - Date.now()) / 1_000));
  const etag = `"${digest}.${look}"`;
  void reply.header("etag", etag).header("cache-control", `public, max-age=${seconds}`);
  return matches(request.headers["if-none-match"], etag);
}

/** Whether a client has this already (RFC 9110, 13.1.2). */
export const matches = (header: string | undefined, etag: string) =>
  header?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag || one.trim() === "*") ?? false;
