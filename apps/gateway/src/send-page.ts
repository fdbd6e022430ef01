import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import { digestOf } from "./answer.ts";
import { matches } from "./cached.ts";
import { mediaTypes } from "./forms.ts";
import { codingOf } from "./routes/assets.ts";
import { pageSecurity } from "./security.ts";

/** A page as it is sent. */
interface Sent {
  readonly etag: string;
  readonly body: string | Buffer;
}

/** The pages that were sent last, by their keys. To render and compress a page takes some milliseconds. */
const newest = new LRUCache<string, Sent>({ max: 200 });

/**
 * Sends a page, compressed with the best coding that the browser accepts. Sends 304 if the browser has this page already.
 *
 * @param key a key of everything that determines the page. Without one the page is not cached
 */
export async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  draw: () => string,
  key?: string,
): Promise<FastifyReply> {
  const coding = codingOf(request.headers["accept-encoding"]);
  const name = key === undefined ? undefined : `${coding} ${key}`;
  const kept = name === undefined ? undefined : newest.get(name);
  const { etag, body } = kept ?? (await compressed(draw(), coding));
  if (name !== undefined && !kept) newest.set(name, { etag, body });
  void reply
    .header("vary", "Accept, Accept-Encoding")
    .header("cache-control", "no-cache")
    .header("content-security-policy", pageSecurity)
    .header("etag", etag);
  if (reply.statusCode === 200 && matches(request.headers["if-none-match"], etag))
    return reply.code(304).send();
  if (coding !== "identity") void reply.header("content-encoding", coding);
  return reply.type(mediaTypes.html).send(body);
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

async function compressed(html: string, coding: ReturnType<typeof codingOf>): Promise<Sent> {
  const etag = `"${digestOf(html)}.${coding}"`;
  if (coding === "identity") return { etag, body: html };
  if (coding === "gzip") return { etag, body: await gzipped(html) };
  return { etag, body: await brotli(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) };
}
