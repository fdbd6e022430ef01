import type { ReadRequest, Refusal, StateName } from "@weather/contracts";
import type { Answers, Forecaster } from "@weather/forecast-model";
import type { LiveSource } from "./live-forecast.ts";

/** A request with its station and its start date. */
export type Asked = ReadRequest & { start: string };

/** Sources from which a server computes its replies. */
export interface Answering {
  readonly state: StateName;
  /** Name of this process: app@host:pid. */
  readonly server: string;
  readonly forecaster: Forecaster;
  /** Recent observations of stations, if this server reads them. */
  readonly observed?: LatestObservations | undefined;
  /** Source of live forecasts, if there is one. It is asked before the forecaster. */
  readonly live?: Live | undefined;
}

/** Forecasts that start from the newest observations. */
export interface LatestObservations {
  readonly answers: Answers;
  /** A number that increases when answers may have changed. */
  readonly version: number;
}

export interface Live {
  readonly source: LiveSource;
  /** What answers if the source cannot: the forecaster (`climate`), or nothing. */
  readonly fallback: "climate" | "none";
  /** Whether the forecaster answers requests that contain an observation. @default false */
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
