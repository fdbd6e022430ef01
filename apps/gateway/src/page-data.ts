import {
  dateIn,
  distance,
  nameOfState,
  stateNames,
  type Place,
  type Request,
  type StateName,
  type Stations,
} from "@weather/contracts";
import { BrokerUnreachableError, NoServersError } from "@weather/queue-binding";
import { counted } from "../page/farms/figures.ts";
import { usualRisk, type Words } from "../page/forecast/form-words.ts";
import type { Answered, Refused } from "../page/forecast/view-data.ts";
import type { Answers } from "./answers.ts";
import { Problem, problemFrom } from "./problem.ts";
import { questionFrom } from "./query.ts";

export interface KnownAnswers extends Answered {
  /** Hash of these answers. */
  readonly digest: string;
}

/**
 * A forecast, the climate of its days, and the chance that a limit is crossed.
 *
 * @throws {Problem} if the farm does not answer the forecast. The other two may be missing
 */
export async function answersFor(
  answers: Answers,
  state: StateName,
  { risk, format: _, ...words }: Words,
  signal: AbortSignal,
): Promise<KnownAnswers> {
  const forecast = questionFrom(words, state).request;
  const start = forecast.start ?? dateIn(state, new Date());
  const chances = questionFrom({ ...words, risk: risk ?? usualRisk(start) }, state).request;
  const [first, ...others] = await Promise.allSettled(
    [forecast, usual(forecast), chances, usual(chances)].map((request) => answers.to(state, request, signal)),
  );
  if (first?.status !== "fulfilled") throw first?.reason;
  const { reply, until } = first.value;
  if (reply.outcome !== "forecast") throw new Problem(502, "The reply does not fit", "expected a forecast");
  const [climate, likely, usually] = others.map((one) =>
    one.status === "fulfilled" ? one.value.reply : undefined,
  );
  return {
    forecast: reply,
    climate: climate?.outcome === "forecast" ? climate : undefined,
    risk: likely?.outcome === "risk" ? likely : undefined,
    usualRisk: usually?.outcome === "risk" ? usually : undefined,
    until,
    digest: [first, ...others]
      .map((one) => (one.status === "fulfilled" ? `${one.value.digest} ${one.value.until}` : ""))
      .join(" "),
  };
}

/** The stations of a farm. Nothing if it does not answer. */
export async function stationsOf(
  answers: Answers,
  state: StateName,
  signal: AbortSignal,
): Promise<Stations["stations"] | undefined> {
  try {
    return (await answers.stations(state, signal)).reply.stations;
  } catch {
    return undefined;
  }
}

/** The state whose station is nearest to a place, among the states that answer. The first state if none answers. */
export async function nearestState(answers: Answers, place: Place, signal: AbortSignal): Promise<StateName> {
  const farms = await Promise.allSettled(
    stateNames.map(async (state) => {
      const { stations } = (await answers.stations(state, signal)).reply;
      return { state, kilometres: Math.min(...stations.map((station) => distance(station, place))) };
    }),
  );
  const [nearest] = farms
    .flatMap((farm) => (farm.status === "fulfilled" ? [farm.value] : []))
    .sort((one, other) => one.kilometres - other.kilometres);
  return nearest?.state ?? stateNames[0] ?? "ohio";
}

/** The same question to the climate: what is usual for its days. */
const usual = ({ observed: _, ...request }: Request): Request => ({ ...request, model: "climate" });

/** Why there is no forecast. @throws the error itself if a caller may not see it */
export function refusedFrom(error: unknown, state: StateName): Refused {
  const problem = problemFrom(error);
  if (!problem) throw error;
  const { status, title, more, retryAfter } = problem;
  // Who looks at the page need not know the broker's address.
  if (error instanceof BrokerUnreachableError) {
    const advice = "The page goes on by itself when the broker is back.";
    return { status, title, detail: "The broker does not answer.", advice, retryAfter };
  }
  if (error instanceof NoServersError) {
    const { waiting } = error.counts ?? { waiting: 0 };
    const queue = waiting > 0 ? ` Its queue is there with ${counted(waiting, "request")} waiting.` : "";
    const detail = `Nobody serves ${nameOfState(state)}.${queue}`;
    return { status, title, detail, advice: more.advice, retryAfter };
  }
  return { status, title, detail: problem.message, advice: more.advice, errors: more.errors, retryAfter };
}
