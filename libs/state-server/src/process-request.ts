import { dateIn, type ReadRequest, type Refusal, type Reply, type StateName } from "@weather/contracts";
import { seedFrom, type Forecaster } from "@weather/forecast-model";

export interface Answering {
  readonly state: StateName;
  /** Which process answers: app@host:pid. */
  readonly server: string;
  readonly forecaster: Forecaster;
}

/** Turns a request into data: the forecast or the risk, or why there is none. */
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
  const { days, members, start = dateIn(state, now), seed = seedFrom(station.id, start), observed } = request;
  const question = { station: station.id, start, days, members, seed, observed };
  const model = { name: "climate-ensemble", members, seed } as const;
  const answer = { state, station, issuedAt: now.toISOString(), server, model };
  try {
    if (request.threshold) {
      const { threshold } = request;
      const { of, above, below = 0 } = threshold;
      const limit = above === undefined ? { of, below } : { of, above };
      return { outcome: "risk", ...answer, threshold, ...forecaster.risk({ ...question, threshold: limit }) };
    }
    return { outcome: "forecast", ...answer, days: forecaster.forecast(question) };
  } catch (error) {
    // Only the model knows which observations it can start from.
    if (!(error instanceof RangeError)) throw error;
    const [path = "", ...rest] = error.message.split(": ");
    return refuse(answering, "invalid-request", error.message, [{ path, message: rest.join(": ") }]);
  }
}

export function refuse(
  { state, server }: Answering,
  reason: Refusal["reason"],
  message: string,
  details: readonly Refusal["details"][number][],
): Refusal {
  return { outcome: "refused", state, server, reason, message, details: [...details] };
}
