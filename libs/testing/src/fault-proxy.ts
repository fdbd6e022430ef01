import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Bytes that one direction buffers before it stops reading, like the buffers of a network. */
const room = 2 ** 20;

/** One direction of a {@link FaultProxy}. A fault applies to open and to later connections. */
export class Way {
  /** Delay of each byte, in milliseconds. */
  delay = 0;
  /** Throughput, in bytes per second. */
  rate = Infinity;
  /** Lets nothing pass, without closing a connection. Bytes that are sent meanwhile arrive later, as with TCP's retransmission. */
  blackhole = false;
  /** Bytes after which the connections are cut, even in the middle of a frame. */
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
        // A slow network delivers in pieces, here twenty a second.
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

/** A TCP proxy to a local port that can cut, refuse, delay, throttle and blackhole connections. */
export class FaultProxy {
  /** From client to server. */
  readonly up = new Way();
  /** From server to client. */
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

  /** Port of this proxy. */
  get port(): number {
    return this.#port;
  }

  /** The same URL, through this proxy. */
  through(target: string): string {
    const url = new URL(target);
    url.port = String(this.#port);
    return url.href;
  }

  /** Connections that were accepted so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Accepts new connections, also again after {@link refuse}. */
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

  /** Cuts every connection. */
  cut(): void {
    for (const end of this.#ends) end.resetAndDestroy();
  }

  /** Cuts every connection and refuses new ones, until {@link accept}. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server.close(), "close");
    this.cut();
    await closed;
  }

  /** Closes the proxy. */
  async close(): Promise<void> {
    await this.refuse();
  }
}
