import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@weather/process";
import type { LiveEvent } from "./event.ts";
import type { Farms } from "./farms.ts";
import { framed, Listeners } from "./listeners.ts";

/** Milliseconds between two events. */
const period = 1_000;
/** Milliseconds for which a new listener may get the last event again. */
const fresh = 2_000;

/** An event, and its frame. */
interface Newest {
  readonly event: LiveEvent;
  readonly frame: Buffer;
  /** In milliseconds of `performance.now()`. */
  readonly at: number;
}

/** The stream of events that all listeners share. It reads the state of the farms only while somebody listens. */
export class Live {
  readonly listeners = new Listeners();
  readonly #farms: Farms;
  readonly #log: Logger;
  #newest: Newest | undefined;
  #looking: Promise<Newest> | undefined;
  #running = false;
  readonly #stopped = new AbortController();

  constructor(farms: Farms, log: Logger) {
    this.#farms = farms;
    this.#log = log;
  }

  /** The newest event if it is at most two seconds old, else a new one. */
  async now(): Promise<LiveEvent> {
    return (this.#current() ?? (await this.#look())).event;
  }

  /** Adds a listener. It gets the newest event at once, or as soon as its connection has the answers of requests before it. */
  listen(response: ServerResponse, headers: OutgoingHttpHeaders): void {
    if (!response.socket) return void response.once("socket", () => this.listen(response, headers));
    if (this.#stopped.signal.aborted) return void response.socket.destroy();
    this.listeners.add(response, headers, this.#current()?.frame);
    if (this.#running || this.listeners.size === 0) return;
    this.#running = true;
    void this.#run().finally(() => (this.#running = false));
  }

  /** Sends the event `goodbye` to all listeners, and ends their streams. */
  end(): void {
    this.#stopped.abort();
    this.listeners.end(framed("goodbye", String(Date.now()), "{}"));
  }

  #current() {
    return this.#newest && performance.now() - this.#newest.at < fresh ? this.#newest : undefined;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (this.listeners.size > 0 && !signal.aborted) {
      const began = performance.now();
      try {
        this.listeners.send((await this.#look()).frame);
      } catch (error) {
        this.#log.error({ err: error }, "could not look at the farms");
      }
      const left = Math.max(0, began + period - performance.now());
      await pause(left, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Callers at the same time get the same event. */
  #look(): Promise<Newest> {
    return (this.#looking ??= this.#gather().finally(() => (this.#looking = undefined)));
  }

  async #gather(): Promise<Newest> {
    const event = await this.#farms.look();
    const frame = framed("farms", String(Date.parse(event.at)), JSON.stringify(event));
    return (this.#newest = { event, frame, at: performance.now() });
  }
}
