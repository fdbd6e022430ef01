import { checkTime } from "../checks.ts";
import { TimerWheel } from "../timer-wheel.ts";
import { ClosedError, Empty } from "../errors.ts";

interface Getter<Item> {
  resolve(item: Item): void;
  reject(error: Error): void;
  timeout: number;
  /** In milliseconds of `performance.now()`. */
  expires: number;
}

/** A queue inside the process, between the consumer and the event loops. First in, first out. */
export class LocalQueue<Item> {
  #items: Item[] = [];
  #getters: Getter<Item>[] = [];
  #closed = false;
  readonly #deadlines = new TimerWheel<Getter<Item>>((expired) => {
    const late = new Set(expired);
    this.#getters = this.#getters.filter((getter) => !late.has(getter));
    for (const getter of expired) getter.reject(new Empty(`nothing came within ${getter.timeout} ms`));
  });

  /** Items that wait to be taken. */
  get length() {
    return this.#items.length;
  }

  /** Hands the item to the `get` that has waited longest, or stores it. */
  put(item: Item): void {
    const getter = this.#getters.shift();
    if (getter === undefined) {
      this.#items.push(item);
      return;
    }
    this.#deadlines.delete(getter, getter.expires);
    getter.resolve(item);
  }

  /**
   * Takes the next item, or waits for it.
   *
   * @param timeout in milliseconds
   * @throws {Empty} when none comes within the timeout
   * @throws {ClosedError} when the queue is closed and has no more items
   * @throws {RangeError} when the timeout is not a valid time
   */
  get(timeout: number): Promise<Item> {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift() as Item);
    if (this.#closed) return Promise.reject(new ClosedError("the local queue is closed"));
    return new Promise((resolve, reject) => {
      checkTime("timeout", timeout);
      const getter = { resolve, reject, timeout, expires: performance.now() + timeout };
      this.#deadlines.add(getter, getter.expires);
      this.#getters.push(getter);
    });
  }

  /** Takes all items, or the oldest ones up to the first that does not meet the condition. */
  clear(condition: (item: Item) => boolean = () => true): Item[] {
    const first = this.#items.findIndex((item) => !condition(item));
    return this.#items.splice(0, first === -1 ? Infinity : first);
  }

  /** Closes the queue. Its items may still be taken; then `get` throws a {@link ClosedError}. */
  close(): void {
    this.#closed = true;
    for (const getter of this.#getters) {
      this.#deadlines.delete(getter, getter.expires);
      getter.reject(new ClosedError("the local queue is closed"));
    }
    this.#getters = [];
  }
}
