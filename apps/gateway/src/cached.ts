import type { FastifyReply, FastifyRequest } from "fastify";
import type { Answer } from "./answer.ts";

/**
 * Sets `Cache-Control` and `ETag` of an answer.
 *
 * @param etag names one representation of the answer
 * @returns whether the client has this representation already. Then the caller must send 304
 */
export function cached(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, until }: { readonly etag: string } & Pick<Answer, "until">,
): boolean {
  void reply.header("etag", etag).header("cache-control", cacheControl(until));
  return matches(request.headers["if-none-match"], etag);
}

/** @param until when the answer may change, in milliseconds of `Date.now()` */
export const cacheControl = (until: number) =>
  `public, max-age=${Math.max(0, Math.floor((until - Date.now()) / 1_000))}`;

/** Whether the header `If-None-Match` names this ETag (RFC 9110, 13.1.2). */
export const matches = (header: string | undefined, etag: string) =>
  header?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag || one.trim() === "*") ?? false;
