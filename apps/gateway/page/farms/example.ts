import type { Status } from "@weather/contracts";
import type { LiveEvent, LiveState } from "../../src/live/event.ts";

export const noon = Date.parse("2026-11-26T12:00:00Z");

/** The instant so many seconds after noon, ISO 8601. */
export const after = (seconds: number): string => new Date(noon + seconds * 1_000).toISOString();

const serverOf = (state: LiveState["state"], pid: number): Status => ({
  outcome: "status",
  state,
  app: `${state}-server`,
  server: `${state}-server@farm:${pid}`,
  host: "farm",
  pid,
  version: "0.1.0",
  model: "auto",
  uptime: 3_661,
  inFlight: 1,
  waiting: 0,
  answered: { forecast: 6_000, refused: 12 },
  lastMinute: { answered: 600, handler: { p50: 1.9, p99: 6.1 }, wait: { p50: 1.2, p99: 9.2 } },
  newestObservation: "2026-11-25",
});

/** A farm whose servers have these process ids. */
export const farmOf = (
  state: LiveState["state"],
  pids: readonly number[],
  seconds: number,
  rest: Partial<LiveState> = {},
): LiveState => ({
  state,
  servers: pids.length,
  reachable: true,
  utcOffset: -300,
  silent: 0,
  waiting: 0,
  inFlight: pids.length,
  answeredPerSecond: 12.3,
  settledPerSecond: null,
  wait: { p50: 1.2, p99: 9.2 },
  handler: { p50: 1.9, p99: 6.1 },
  newestObservation: "2026-11-25",
  deadLetters: 0,
  reportedAt: pids.length > 0 ? after(seconds) : null,
  each: pids.map((pid) => serverOf(state, pid)),
  ...rest,
});

/** An event so many seconds after noon. */
export const eventAt = (
  seconds: number,
  states: readonly LiveState[],
  broker: LiveEvent["broker"] = { ok: true },
): LiveEvent => ({ at: after(seconds), broker, deadLetters: null, states });
