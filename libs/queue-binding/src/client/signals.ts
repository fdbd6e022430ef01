interface Watched<Item> {
  readonly items: Set<Item>;
  readonly listener: () => void;
}

/** The items of each abort signal. Items share one listener per signal, because each listener costs Node.js 2 µs. */
export class Signals<Item> {
  readonly #watched = new Map<AbortSignal, Watched<Item>>();
  readonly #abort: (items: readonly Item[], reason: unknown) => void;

  /** @param abort gets all items of a signal that aborts, in order */
  constructor(abort: (items: readonly Item[], reason: unknown) => void) {
    this.#abort = abort;
  }

  add(item: Item, signal: AbortSignal): void {
    let watched = this.#watched.get(signal);
    if (!watched) {
      const items = new Set<Item>();
      const listener = () => this.#abort([...items], signal.reason);
      watched = { items, listener };
      this.#watched.set(signal, watched);
      signal.addEventListener("abort", listener, { once: true });
    }
    watched.items.add(item);
  }

  delete(item: Item, signal: AbortSignal): void {
    const watched = this.#watched.get(signal);
    if (!watched?.items.delete(item) || watched.items.size > 0) return;
    this.#watched.delete(signal);
    signal.removeEventListener("abort", watched.listener);
  }
}
