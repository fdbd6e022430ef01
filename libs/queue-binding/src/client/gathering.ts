/** Limits of the replies that wait to be read. */
const [mostReplies, mostBytes] = [1_000, 8 * 2 ** 20];

/** The next reply, and how many were dropped before it. */
interface GatheredMessage {
  readonly content: Buffer;
  readonly dropped: number;
}

/** Replies to one message that wait for a reader, who may be slow. Bounded: the oldest are dropped and counted. No I/O. */
export class Gathering {
  #waiting: Buffer[] = [];
  #bytes = 0;
  #dropped = 0;
  #failure: { error: unknown } | undefined;
  #over = false;
  #wake = () => {};

  take(content: Buffer): void {
    // A copy: the original is a view that keeps a whole chunk of the socket in memory.
    this.#waiting.push(Buffer.from(content));
    this.#bytes += content.length;
    while (this.#waiting.length > 1 && (this.#waiting.length > mostReplies || this.#bytes > mostBytes)) {
      this.#bytes -= this.#waiting.shift()?.length ?? 0;
      this.#dropped += 1;
    }
    this.#wake();
  }

  /** Ends with an error, after the replies that wait. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** Ends without an error. */
  end(): void {
    this.#over = true;
    this.#wake();
  }

  /** @returns nothing at the end @throws the error of `fail` */
  async next(): Promise<GatheredMessage | undefined> {
    while (this.#waiting.length === 0 && !this.#over && !this.#failure) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const content = this.#waiting.shift();
    if (content) {
      this.#bytes -= content.length;
      const dropped = this.#dropped;
      this.#dropped = 0;
      return { content, dropped };
    }
    if (this.#failure) throw this.#failure.error;
    return undefined;
  }
}
