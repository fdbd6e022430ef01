import { dateIn, type ReadRequest, type Refusal, type Reply, type StateName } from "@weather/contracts";
import { seedFrom, type Forecaster } from "@weather/forecast-model";

export interface Answering {
  readonly state: StateName;
  /** Which process answers: app@host:pid. */
  readonly server: string;
  readonly forecaster: Forecaster;
}

/** Turns a request into data: the forecast, or why there is none. */
export function processRequest(request: ReadRequest, answering: Answering): Reply {
  const { state, server, forecaster } = answering;
  const { stations } = forecaster;
  const station = request.station ? stations.find(({ id }) => id === request.station) : stations[0];
  if (!station) {
    const known = stations.map(({ id }) => id).join(", ");
    const message = `${state} has no station ${request.station}: its stations are ${known}`;
    return refuse(answering, "unknown-station", message, [{ path: "station", message }]);
  }
  const now = new Date();
  const { days, members, start = dateIn(state, now), seed = seedFrom(station.id, start) } = request;
  return {
    outcome: "forecast",
    state,
    station,
    issuedAt: now.toISOString(),
    server,
    model: { name: "climate-ensemble", members, seed },
    days: forecaster.forecast({ station: station.id, start, days, members, seed }),
  };
}

export function refuse(
  { state, server }: Answering,
  reason: Refusal["reason"],
  message: string,
  details: readonly Refusal["details"][number][],
): Refusal {
  return { outcome: "refused", state, server, reason, message, details: [...details] };
}
