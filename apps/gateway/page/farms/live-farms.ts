import { isStateName, states } from "@weather/contracts";
import type { LiveEvent, LiveState } from "../../src/live/event.ts";
import { History } from "./history.ts";

/** Seconds after which figures count as old. */
export const fresh = 3;
/** Milliseconds for which a server is new: a little longer than its tint takes to fade. */
const moment = 2_000;
/** Seconds for which a server that has gone is still shown. */
const remembered = 30;
/** The most servers that are shown after they have gone. */
const mostRemembered = 5;

/** One state's farm, as the page shows it. */
export interface Farm extends LiveState {
  /** Name as people write it. */
  readonly name: string;
  /** Age of the figures, in seconds. */
  readonly age: number;
  /** Whether the figures are older than 3 s. */
  readonly old: boolean;
  /** Answered per second in the last five minutes. */
  readonly history: readonly (number | undefined)[];
  /** When the number of servers last changed while the page was open, in milliseconds. */
  readonly changedAt: number | undefined;
  /** Servers that came a moment ago. */
  readonly came: ReadonlySet<string>;
  /** Servers that have gone, and how many seconds ago. */
  readonly gone: readonly { readonly server: string; readonly age: number }[];
}

export interface Farms {
  readonly broker: LiveEvent["broker"];
  /** When the newest figures were gathered, in milliseconds since 1970 by the gateway's clock. */
  readonly at: number;
  /** Age of these figures, in seconds. */
  readonly age: number;
  /** Whether a farm has been seen so far. */
  readonly any: boolean;
  /** Dead letters of all states. Null if the gateway cannot count them. */
  readonly deadLetters: number | null;
  /** Sorted by name. */
  readonly farms: readonly Farm[];
}

interface Seen {
  readonly history: History;
  readonly came: Map<string, number>;
  readonly gone: Map<string, number>;
  servers: number;
  known: Set<string>;
  /** When its cluster last answered, by the gateway's clock, ISO 8601. */
  answeredAt?: string;
  changedAt?: number;
}

/** The figures of the events of `GET /v1/live` in the last five minutes, and their age. */
export class LiveFarms {
  readonly #seen = new Map<string, Seen>();
  #event: LiveEvent | undefined;
  /** Milliseconds by which this clock is ahead of the gateway's: the smallest difference at the arrival of an event. */
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
      came: new Map(),
      gone: new Map(),
      servers: state.servers,
      known: servers,
    };
    this.#seen.set(state.state, seen);
    seen.history.add(reachable ? state.answeredPerSecond : null, now);
    // While the broker is down, the figures are old ones, and say nothing about servers that come or go.
    if (!reachable) return;
    seen.answeredAt = at;
    if (!before) return;
    if (seen.servers !== state.servers) seen.changedAt = now;
    seen.servers = state.servers;
    for (const server of servers) {
      if (!seen.known.has(server)) seen.came.set(server, now);
      seen.known.add(server);
      seen.gone.delete(server);
    }
    // A server that does not report may only be busy. If all servers reported, a missing one has gone.
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
    // A newer gateway may have a state that this page does not know.
    const known = event.states.filter(({ state }) => isStateName(state));
    const farms = known.map((state): Farm => {
      const seen = this.#seen.get(state.state);
      // The broker counts servers and requests. All other figures come from the servers' reports.
      const counted = seen?.answeredAt ?? at;
      const age = secondsSince(state.servers > 0 ? (state.reportedAt ?? counted) : counted);
      return {
        ...state,
        name: states[state.state].name,
        age,
        old: age > fresh,
        history: seen?.history.values ?? [],
        changedAt: seen?.changedAt,
        came: new Set(
          [...(seen?.came ?? [])].filter(([, since]) => now - since < moment).map(([server]) => server),
        ),
        gone: [...(seen?.gone ?? [])].map(([server, since]) => ({ server, age: (now - since) / 1_000 })),
      };
    });
    return {
      broker,
      at: Date.parse(at),
      age: secondsSince(at),
      any: known.some(
        ({ servers, waiting, reportedAt, reachable }) =>
          servers > 0 || waiting > 0 || reportedAt !== null || !reachable,
      ),
      deadLetters: event.deadLetters,
      farms: farms.sort((one, other) => (one.name < other.name ? -1 : 1)),
    };
  }
}
