import type { StateName } from "../states.ts";
import type { Status, StatusReply } from "./status.ts";

/** The reports of all servers of a state. */
export interface FarmReport {
  readonly state: StateName;
  /** Whether its broker answers. If not, the other fields are not known. @default true */
  readonly reachable?: boolean;
  /** Servers that listen, as the broker counts them. */
  readonly servers: number;
  /** Servers that did not report: they are busy, stopped, or older than this question. */
  readonly silent: number;
  /** Requests in the state's queue. */
  readonly waiting: number;
  /** The reports, sorted by server. */
  readonly each: readonly Status[];
}

/** A survey of a state's servers, as `queue-binding` makes it. */
interface Surveyed {
  readonly counts: { readonly servers: number; readonly waiting: number } | undefined;
  readonly replies: readonly StatusReply[];
}

/** Makes a report from a survey. A server that refuses the question is of an older version, and counts as silent. */
export function farmReport(state: StateName, { counts, replies }: Surveyed): FarmReport {
  const { servers = 0, waiting = 0 } = counts ?? {};
  const each = replies
    .filter((reply) => reply.outcome === "status")
    .sort((one, other) => (one.server < other.server ? -1 : 1));
  return { state, servers, silent: Math.max(0, servers - each.length), waiting, each };
}
