import type { LiveEvent } from "../../src/live/event.ts";
import type { Link } from "../farms/farms-view.tsx";

/** Milliseconds without an event after which the gateway counts as away. It sends one each second. */
const silence = 3_500;
/** Milliseconds without an event after which the stream counts as dead, as after a phone has changed its network. */
const dead = 10_000;
/** Milliseconds between two tries. Random, so that not all pages try at once. */
const retry = 2_000 + 2_000 * Math.random();

/** The events of `GET /v1/live`, through one EventSource at a time. */
export class LiveStream {
  readonly #take: (event: LiveEvent) => void;
  #source: EventSource;
  #openedAt = Date.now();
  #heardAt: number | undefined;

  constructor(take: (event: LiveEvent) => void) {
    this.#take = take;
    this.#source = this.#open();
  }

  #open(): EventSource {
    this.#openedAt = Date.now();
    const source = new EventSource("/v1/live");
    source.addEventListener("farms", ({ data }: MessageEvent<string>) => {
      this.#heardAt = Date.now();
      this.#take(JSON.parse(data) as LiveEvent);
    });
    return source;
  }

  get link(): Link {
    if (Date.now() - (this.#heardAt ?? this.#openedAt) > silence)
      return navigator.onLine ? "lost" : "offline";
    return this.#heardAt === undefined ? "page" : "live";
  }

  /**
   * Opens the stream again if the browser has given up, as it does after an answer that is not a stream. A proxy without a gateway
   * sends such an answer. Call this each second.
   */
  watch(): void {
    const now = Date.now();
    const isClosed = this.#source.readyState === EventSource.CLOSED && now - this.#openedAt > retry;
    if (!isClosed && now - Math.max(this.#heardAt ?? 0, this.#openedAt) < dead) return;
    this.#source.close();
    this.#source = this.#open();
  }
}
