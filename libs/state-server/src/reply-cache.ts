import type { ReadRequest, Reply } from "@weather/contracts";
import { LRUCache } from "lru-cache";

interface ReplyCacheOptions {
  /** Replies in the cache at most, from 1. The least recently used is dropped. */
  readonly entries: number;
  /** Makes a key of everything that determines a reply. Requests with the same key get the same reply. */
  readonly name: (request: ReadRequest) => string;
}

export type Handler = (request: ReadRequest) => Reply | Promise<Reply>;

/**
 * Makes a handler that returns the earlier reply to a repeated request. Replies are frozen, so that the server validates and
 * encodes each once. A promise, such as that of a live forecast, is not cached, because its reply may change.
 */
export function withReplyCache(handler: Handler, { entries, name }: ReplyCacheOptions): Handler {
  const replies = new LRUCache<string, Reply>({ max: entries });
  return (request) => {
    const asked = name(request);
    const known = replies.get(asked);
    if (known) return known;
    const reply = handler(request);
    // The key may change while the request is handled, because it may contain the day. Then the reply is not cached.
    if (!(reply instanceof Promise) && name(request) === asked) replies.set(asked, Object.freeze(reply));
    return reply;
  };
}
