import type { ReadRequest, Refusal, StateName } from "@weather/contracts";
import type { Answers, Forecaster } from "@weather/forecast-model";
import type { LiveSource } from "./live-forecast.ts";

/** A request of which it is known where and when. */
export type Asked = ReadRequest & { start: string };

/** What a server has when it answers. */
export interface Answering {
  readonly state: StateName;
  /** Which process answers: app@host:pid. */
  readonly server: string;
  readonly forecaster: Forecaster;
  /** What stations observed lately, where this server hears of it. */
  readonly observed?: LatestObservations | undefined;
  /** Asked before the forecaster, if there is one. */
  readonly live?: Live | undefined;
}

/** Answers that start from the newest observations there are. */
export interface LatestObservations {
  readonly answers: Answers;
  /** Rises when the answers may have changed. */
  readonly version: number;
}

export interface Live {
  readonly source: LiveSource;
  /** Who answers where the source cannot: the forecaster, or nobody. */
  readonly fallback: "climate" | "none";
  /** Whether a request that gives an observation of its own is left to the forecaster. @default false */
  readonly unlessObserved?: boolean;
}

export function refuse(
  { state, server }: Answering,
  reason: Refusal["reason"],
  message: string,
  details: readonly Refusal["details"][number][],
): Refusal {
  return { outcome: "refused", state, server, reason, message, details: [...details] };
}
