import { randomFillSync } from "node:crypto";

/** Bytes of an id: 96 random bits, which nobody can guess. A multiple of 3, so that base64 needs no padding. */
const bytes = 12;

/** Random bytes for the next ids. A pool costs 0.06 µs per id, single calls 1.7 µs. */
const pool = Buffer.alloc(512 * bytes);
let at = pool.length;

/** A unique id that cannot be guessed. */
export function randomId(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += bytes;
  return pool.toString("base64url", at - bytes, at);
}

/** Prefix of the ids of batches. Ids of single requests never begin with it: base64url has no `+`. */
const batchMark = "+";

/** The id of a batch. */
export const randomBatchId = () => batchMark + randomId();
export const isBatchId = (id: string) => id.startsWith(batchMark);
