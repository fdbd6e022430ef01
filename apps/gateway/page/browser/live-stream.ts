import type { LiveEvent } from "../../src/live/event.ts";
import type { Link } from "../farms/farms-view.tsx";

/** The gateway sends an event each second. In ms without one after which it counts as away. */
const silence = 3_500;
/** In ms without one after which the stream counts as dead, although nothing said so: a phone that changed its network. */
const dead = 10_000;
/** In ms between two tries, not the same for all pages. */
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
   * Opens the stream again where the browser does not: it gives up after an answer that is no stream, such as that of a proxy
   * without a gateway. To be called each second.
   */
  watch(): void {
    const now = Date.now();
    const isClosed = this.#source.readyState === EventSource.CLOSED && now - this.#openedAt > retry;
    if (!isClosed && now - Math.max(this.#heardAt ?? 0, this.#openedAt) < dead) return;
    this.#source.close();
    this.#source = this.#open();
  }
}
