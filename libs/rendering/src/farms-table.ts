import { note } from "./frame.ts";
import { columnsFor, table, type Screen } from "./table.ts";

/** A state's queue, as the broker counts it. */
export interface FarmRow {
  readonly state: string;
  readonly queue: string;
  /** Whether its broker answers. If not, nothing else is known. */
  readonly reachable: boolean;
  readonly exists: boolean;
  readonly waiting: number;
  readonly servers: number;
  /** Requests that servers hold. Needs the management API. */
  readonly inFlight?: number;
  /** Requests settled per second. Needs the management API. */
  readonly perSecond?: number;
  /** How long the oldest request has waited, in seconds: an estimate. */
  readonly oldest?: number;
  /** Date of the newest observation that its servers start from, YYYY-MM-DD. Nothing if there is none, or no server told it. */
  readonly newestObservation?: string;
}

/** A table with a row for each state. @param at when the broker was asked */
export function farmsTable(farms: readonly FarmRow[], at: Date, screen: Screen): string {
  const { text, figure } = columnsFor<FarmRow>();
  const state = text("State", ({ state }) => state, { least: 8 });
  const queue = text("Queue", ({ queue, exists, reachable }) =>
    exists ? queue : `${queue} (${reachable ? "not there" : "not reachable"})`,
  );
  const counts = [
    figure("Waiting", ({ exists, waiting }) => (exists ? String(waiting) : "–")),
    figure("Servers", ({ exists, servers }) => (exists ? String(servers) : "–")),
  ];
  const rates = farms.some(({ perSecond }) => perSecond !== undefined)
    ? [
        figure("In flight", (farm) => known(farm.inFlight)),
        figure("Per second", (farm) => known(farm.perSecond)),
        figure("Oldest", ({ oldest }) => (oldest ? `≈ ${oldest} s` : known(oldest))),
      ]
    : [];
  const observed = text("Observed", (farm) => known(farm.newestObservation));
  const body = table(
    farms,
    [
      { columns: [state, queue, ...counts, ...rates, observed] },
      { columns: [state, ...counts, ...rates, observed] },
      {
        columns: [state, ...counts, ...rates],
        below: (farm) => [`Observed: ${known(farm.newestObservation)}`],
      },
    ],
    screen,
  );
  return `${body}\n${note(`${age(at)} ${vanished}`, screen)}`;
}

const known = (value: number | string | undefined) => (value === undefined ? "–" : String(value));

const age = (at: Date) => `As the broker counted at ${at.toISOString().slice(11, 19)}Z.`;

/** Erlang's net_ticktime is 60 s, so a cluster notices the end of a node within 75 s. */
const vanished = "When a broker node dies, its servers are still counted for up to 75 s.";
