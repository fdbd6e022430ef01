import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Bytes that wait on a line before it takes no more from their sender, as the buffers of a network would. */
const room = 2 ** 20;

/** One direction of a {@link FaultProxy}. Every fault is for the connections there are and for those to come. */
export class Way {
  /** Milliseconds that each byte is under way. */
  delay = 0;
  /** Bytes per second. */
  rate = Infinity;
  /** Nothing passes, and nobody is told. What is sent meanwhile arrives when the hole is gone, as TCP would see to it. */
  blackhole = false;
  /** Bytes that may pass before the line is cut, be it in the middle of a frame. */
  cutAfter = Infinity;

  heal(): void {
    this.delay = 0;
    this.rate = Infinity;
    this.blackhole = false;
    this.cutAfter = Infinity;
  }

  /** Carries bytes until one end closes. */
  carry(from: Socket, to: Socket): void {
    const underWay: { chunk: Buffer; arrives: number }[] = [];
    let size = 0;
    let awake = () => {};
    from.on("data", (chunk: Buffer) => {
      underWay.push({ chunk, arrives: performance.now() + this.delay });
      size += chunk.length;
      if (size > room) from.pause();
      awake();
    });
    const deliver = async () => {
      while (!to.destroyed) {
        const next = underWay[0];
        if (!next) {
          if (from.destroyed || from.readableEnded) break;
          await new Promise<void>((resolve) => (awake = resolve));
          continue;
        }
        const early = next.arrives - performance.now();
        if (this.blackhole || early > 0) {
          await pause(this.blackhole ? 20 : early);
          continue;
        }
        // A slow line delivers in pieces, twenty a second.
        const piece = next.chunk.subarray(0, Math.min(Math.ceil(this.rate / 20), this.cutAfter));
        this.cutAfter -= piece.length;
        size -= piece.length;
        if (piece.length < next.chunk.length) next.chunk = next.chunk.subarray(piece.length);
        else underWay.shift();
        if (!to.write(piece)) await Promise.race([once(to, "drain"), once(to, "close")]);
        if (this.cutAfter <= 0) {
          this.cutAfter = Infinity;
          from.destroy();
          break;
        }
        if (this.rate !== Infinity) await pause((piece.length / this.rate) * 1_000);
        if (size <= room) from.resume();
      }
      to.end();
    };
    from.once("close", () => awake());
    void deliver().catch(() => {});
  }
}

/** A TCP line to a local port that can be cut, refused, delayed, throttled and blackholed. */
export class FaultProxy {
  /** From whoever connects to the port. */
  readonly up = new Way();
  /** From the port to whoever connected. */
  readonly down = new Way();
  readonly #target: number;
  readonly #ends = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #accepted = 0;

  private constructor(target: number) {
    this.#target = target;
  }

  /** @param target a local port, or a URL with one */
  static async to(target: number | string): Promise<FaultProxy> {
    const line = new FaultProxy(typeof target === "number" ? target : Number(new URL(target).port));
    await line.accept();
    return line;
  }

  /** The port to connect to in the other's place. */
  get port(): number {
    return this.#port;
  }

  /** The same URL by way of this line. */
  through(target: string): string {
    const url = new URL(target);
    url.port = String(this.#port);
    return url.href;
  }

  /** How many connections were let in so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Lets new connections in (again). */
  async accept(): Promise<void> {
    if (this.#server) return;
    this.#server = createServer((near) => {
      this.#accepted += 1;
      const far = connect(this.#target, "127.0.0.1");
      for (const [end, other] of [
        [near, far],
        [far, near],
      ] as const) {
        end.setNoDelay(true);
        this.#ends.add(end);
        end.on("error", () => {}); // followed by "close"
        end.once("close", () => {
          this.#ends.delete(end);
          other.destroySoon();
        });
      }
      this.up.carry(near, far);
      this.down.carry(far, near);
    });
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const end of this.#ends) end.resetAndDestroy();
  }

  /** Ends every connection and lets no new ones in, until {@link accept}. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server.close(), "close");
    this.cut();
    await closed;
  }

  /** Removes it. */
  async close(): Promise<void> {
    await this.refuse();
  }
}
