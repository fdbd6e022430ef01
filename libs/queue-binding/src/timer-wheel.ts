/** TimerWheel are kept to this many milliseconds. */
export const tick = 25;

/**
 * Many deadlines on one timer: a timer per request costs a tenth of a client's throughput. Items are kept in
 * buckets of one tick; an item is handed over at its deadline or up to a tick later, never earlier.
 */
export class TimerWheel<Item> {
  readonly #buckets = new Map<number, Set<Item>>();
  readonly #expire: (item: Item) => void;
  #timer: NodeJS.Timeout | undefined;
  #next = Infinity;

  constructor(expire: (item: Item) => void) {
    this.#expire = expire;
  }

  /** @param at in milliseconds of `performance.now()` @returns what {@link delete} wants back */
  add(item: Item, at: number): number {
    const bucket = Math.ceil(at / tick);
    const items = this.#buckets.get(bucket);
    if (items) items.add(item);
    else this.#buckets.set(bucket, new Set([item]));
    if (bucket < this.#next) this.#wait(bucket);
    else if (this.#buckets.size === 1) this.#timer?.ref();
    return bucket;
  }

  delete(item: Item, bucket: number): void {
    const items = this.#buckets.get(bucket);
    if (!items?.delete(item) || items.size > 0) return;
    this.#buckets.delete(bucket);
    // Not stopped, which would cost more than to ring once in vain; but nothing waits for it any more.
    if (this.#buckets.size === 0) this.#timer?.unref();
  }

  #wait(bucket: number) {
    clearTimeout(this.#timer);
    this.#next = bucket;
    // setTimeout takes at most 2^31-1 ms; a longer deadline is looked at again then.
    const delay = Math.min(bucket * tick - performance.now() + 1, 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.#ring(), Math.max(1, delay));
  }

  #ring() {
    const now = performance.now() / tick;
    this.#next = Infinity;
    let earliest = Infinity;
    for (const [bucket, items] of this.#buckets) {
      if (bucket <= now) {
        this.#buckets.delete(bucket);
        for (const item of items) this.#expire(item);
      } else if (bucket < earliest) earliest = bucket;
    }
    // An item that expires may have added another.
    if (earliest < this.#next) this.#wait(earliest);
  }
}
