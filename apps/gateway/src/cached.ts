import type { FastifyReply, FastifyRequest } from "fastify";
import type { Answer } from "./answer.ts";

/**
 * Sets `Cache-Control` and `ETag` of an answer.
 *
 * @param look distinguishes the representations of one answer
 * @returns whether the client has this representation already. Then the caller must send 304
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

/** Whether the header `If-None-Match` names this ETag (RFC 9110, 13.1.2). */
export const matches = (header: string | undefined, etag: string) =>
  header?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag || one.trim() === "*") ?? false;
