import { randomFillSync } from "node:crypto";

/** 96 random bits: nobody who knows some ids of a client can guess another. A multiple of 3, so that base64 has no padding. */
const bytes = 12;

/** Random bytes for the next ids. To ask for them one by one would cost 1.7 µs an id, in place of 0.06. */
const pool = Buffer.alloc(512 * bytes);
let at = pool.length;

/** An id that nobody has had and nobody can guess. */
export function randomId(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += bytes;
  return pool.toString("base64url", at - bytes, at);
}

/** No id of a single request begins with it: base64url has no `+`. */
const batchMark = "+";

/** An id for a message of many. */
export const randomBatchId = () => batchMark + randomId();
export const isBatchId = (id: string) => id.startsWith(batchMark);
