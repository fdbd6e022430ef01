import type { ReadRequest, Reply } from "@weather/contracts";
import { LRUCache } from "lru-cache";

export interface ReplyCacheOptions {
  /** Most replies to keep, the latest used, from 1. */
  readonly entries: number;
  /** Names everything that determines a reply: requests of the same name get the reply that the first one got. */
  readonly name: (request: ReadRequest) => string;
}

export type Handler = (request: ReadRequest) => Reply | Promise<Reply>;

/**
 * Answers what was asked before with the reply of then. Replies are frozen: the server validates and encodes each once.
 * A reply that is waited for, as a live forecast is, may change and is not kept.
 */
export function withReplyCache(handler: Handler, { entries, name }: ReplyCacheOptions): Handler {
  const replies = new LRUCache<string, Reply>({ max: entries });
  return (request) => {
    const asked = name(request);
    const known = replies.get(asked);
    if (known) return known;
    const reply = handler(request);
    // A name may change while the request is handled: at midnight, if it tells the day.
    if (!(reply instanceof Promise) && name(request) === asked) replies.set(asked, Object.freeze(reply));
    return reply;
  };
}
