import { states } from "@weather/contracts";
import type { LiveEvent, LiveState } from "../../src/live/event.ts";
import { History } from "./history.ts";

/** Seconds after which figures count as old. */
export const fresh = 3;
/** Seconds for which a server that is gone is still shown. */
const remembered = 30;
/** The most of them. */
const mostRemembered = 5;

/** One state's farm, as the page shows it. */
export interface Farm extends LiveState {
  /** As people write it. */
  readonly name: string;
  /** Seconds. */
  readonly age: number;
  /** Older than 3 s. */
  readonly old: boolean;
  /** Answered per second in the last five minutes. */
  readonly history: readonly (number | undefined)[];
  /** When the number of its servers changed while the page looked, in ms. */
  readonly changedAt: number | undefined;
  /** Servers that came while the page looked. */
  readonly came: ReadonlySet<string>;
  /** Servers that are gone, and for how many seconds. */
  readonly gone: readonly { readonly server: string; readonly age: number }[];
}

export interface Farms {
  readonly broker: LiveEvent["broker"];
  /** When the newest figures were gathered, in ms, by the gateway's clock. */
  readonly at: number;
  /** Seconds since then. */
  readonly age: number;
  /** Whether any farm was ever seen, as far as is known. */
  readonly any: boolean;
  /** Of all states; null where nobody can tell. */
  readonly deadLetters: number | null;
  /** By name. */
  readonly farms: readonly Farm[];
}

interface Seen {
  readonly history: History;
  readonly came: Set<string>;
  readonly gone: Map<string, number>;
  servers: number;
  known: Set<string>;
  /** When its cluster last answered, by the gateway's clock, ISO 8601. */
  answeredAt?: string;
  changedAt?: number;
}

/** What the events of `GET /v1/live` said in the last five minutes, and how old that is. */
export class LiveFarms {
  readonly #seen = new Map<string, Seen>();
  #event: LiveEvent | undefined;
  /** By how much this clock is ahead of the gateway's, ms: the least difference that an event arrived with. */
  #ahead = Infinity;

  /** @param now in ms */
  take(event: LiveEvent, now: number): void {
    this.#event = event;
    this.#ahead = Math.min(this.#ahead, now - Date.parse(event.at));
    for (const state of event.states) this.#look(state, event.at, now);
  }

  #look(state: LiveState, at: string, now: number): void {
    const { reachable } = state;
    const servers = new Set(state.each.map(({ server }) => server));
    const before = this.#seen.get(state.state);
    const seen: Seen = before ?? {
      history: new History(),
      came: new Set(),
      gone: new Map(),
      servers: state.servers,
      known: servers,
    };
    this.#seen.set(state.state, seen);
    seen.history.add(reachable ? state.answeredPerSecond : null, now);
    // While the broker is away, nobody comes or goes: the figures are those of before.
    if (!reachable) return;
    seen.answeredAt = at;
    if (!before) return;
    if (seen.servers !== state.servers) seen.changedAt = now;
    seen.servers = state.servers;
    for (const server of servers) {
      if (!seen.known.has(server)) seen.came.add(server);
      seen.known.add(server);
      seen.gone.delete(server);
    }
    // Whoever does not report may be silent. Only where all reported, who is missing is gone.
    if (state.silent === 0)
      for (const server of seen.known) {
        if (servers.has(server)) continue;
        seen.known.delete(server);
        seen.came.delete(server);
        seen.gone.set(server, now);
      }
    for (const [server, since] of seen.gone)
      if (now - since > remembered * 1_000 || seen.gone.size > mostRemembered) seen.gone.delete(server);
  }

  /** Nothing before the first event. @param now in ms */
  view(now: number): Farms | undefined {
    const event = this.#event;
    if (!event) return undefined;
    const { broker } = event;
    const at = broker.ok || event.at < broker.since ? event.at : broker.since;
    const secondsSince = (instant: string) => Math.max(0, (now - this.#ahead - Date.parse(instant)) / 1_000);
    const farms = event.states.map((state): Farm => {
      const seen = this.#seen.get(state.state);
      // The broker counts servers and requests; the rest is what servers reported.
      const counted = seen?.answeredAt ?? at;
      const age = secondsSince(state.servers > 0 ? (state.reportedAt ?? counted) : counted);
      return {
        ...state,
        name: states[state.state].name,
        age,
        old: age > fresh,
        history: seen?.history.values ?? [],
        changedAt: seen?.changedAt,
        came: seen?.came ?? new Set(),
        gone: [...(seen?.gone ?? [])].map(([server, since]) => ({ server, age: (now - since) / 1_000 })),
      };
    });
    return {
      broker,
      at: Date.parse(at),
      age: secondsSince(at),
      any: event.states.some(
        ({ servers, waiting, reportedAt, reachable }) =>
          servers > 0 || waiting > 0 || reportedAt !== null || !reachable,
      ),
      deadLetters: event.deadLetters,
      farms: farms.sort((one, other) => one.name.localeCompare(other.name)),
    };
  }
}
