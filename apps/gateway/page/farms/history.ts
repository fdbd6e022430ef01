/** Length of one step, in seconds. Each step keeps its highest value. */
const step = 5;
/** Steps in five minutes. */
const length = (5 * 60) / step;

/** Values of the last five minutes, the newest last. A step without a value is a gap. */
export class History {
  readonly #values = new Array<number | undefined>(length).fill(undefined);
  #newest = 0;

  /** @param now in milliseconds, not before that of the last call */
  add(value: number | null, now: number): void {
    const at = Math.floor(now / 1_000 / step);
    const passed = Math.min(length, Math.max(0, at - this.#newest));
    this.#values.splice(0, passed);
    this.#values.push(...new Array<undefined>(passed).fill(undefined));
    this.#newest = Math.max(at, this.#newest);
    if (value !== null) this.#values[length - 1] = Math.max(value, this.#values[length - 1] ?? 0);
  }

  get values(): readonly (number | undefined)[] {
    return this.#values;
  }
}
