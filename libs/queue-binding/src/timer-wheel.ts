/** Resolution of the deadlines, in milliseconds. */
export const tick = 25;

/** The longest delay of `setTimeout`, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

const bucketOf = (at: number) => Math.ceil(at / tick);

/**
 * Many deadlines on one timer: a timer per request costs a tenth of a client's throughput. Items are kept in
 * buckets of one tick. An item expires at its deadline or up to a tick later, never earlier.
 */
export class TimerWheel<Item> {
  readonly #buckets = new Map<number, Set<Item>>();
  readonly #expire: (items: readonly Item[]) => void;
  #timer: NodeJS.Timeout | undefined;
  #next = Infinity;

  /** @param expire gets all items that are due, in order */
  constructor(expire: (items: readonly Item[]) => void) {
    this.#expire = expire;
  }

  /** @param at in milliseconds of `performance.now()` */
  add(item: Item, at: number): void {
    const bucket = bucketOf(at);
    const items = this.#buckets.get(bucket);
    if (items) items.add(item);
    else this.#buckets.set(bucket, new Set([item]));
    if (bucket < this.#next) this.#wait(bucket);
    else if (this.#buckets.size === 1) this.#timer?.ref();
  }

  /** @param at the same value as in `add` */
  delete(item: Item, at: number): void {
    const bucket = bucketOf(at);
    const items = this.#buckets.get(bucket);
    if (!items?.delete(item) || items.size > 0) return;
    this.#buckets.delete(bucket);
    // The timer is not stopped: that costs more than one ring without items. It does not keep the process alive.
    if (this.#buckets.size === 0) this.#timer?.unref();
  }

  #wait(bucket: number): void {
    clearTimeout(this.#timer);
    this.#next = bucket;
    const delay = Math.min(bucket * tick - performance.now() + 1, longestTimer);
    this.#timer = setTimeout(() => this.#ring(), Math.max(1, delay));
  }

  #ring(): void {
    const now = performance.now() / tick;
    const due = [...this.#buckets.keys()].filter((bucket) => bucket <= now).sort((one, other) => one - other);
    const items = due.flatMap((bucket) => [...(this.#buckets.get(bucket) ?? [])]);
    for (const bucket of due) this.#buckets.delete(bucket);
    this.#next = Infinity;
    if (items.length > 0) this.#expire(items);
    // An item that expires may have added another.
    const earliest = Math.min(...this.#buckets.keys());
    if (earliest < this.#next) this.#wait(earliest);
  }
}
