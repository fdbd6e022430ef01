import type { Reply } from "@weather/contracts";
import { seedFrom, type Answers, type Station } from "@weather/forecast-model";
import { refuse, type Answering, type Asked } from "./answering.ts";
import type { LiveForecast } from "./live-forecast.ts";

interface Made {
  /** Live forecast around which members are drawn. @default the ensemble's own members */
  live?: LiveForecast;
  /** The forecaster. @default the one that starts from the newest observations, if there are any */
  answers?: Answers;
}

/** Replies with an ensemble that starts from observations or the climate, or is drawn around a live forecast. */
export function modelReply(asked: Asked, station: Station, answering: Answering, made: Made = {}): Reply {
  const { state, server, forecaster } = answering;
  const { live, answers = answering.observed?.answers ?? forecaster } = made;
  const { days, members, start, seed = seedFrom(station.id, start), observed, threshold } = asked;
  const question = { station: station.id, start, days, members, seed, observed, point: live?.days };
  const borrowed = forecaster.about(station.id)?.borrowed;
  const drawn = { members, seed, ...(borrowed && { borrowed }) };
  try {
    const startedFrom = live ? [] : answers.startedFrom(question);
    if (asked.model === "ensemble" && startedFrom.length === 0) return withoutObservation(asked, answering);
    const model = live
      ? ({ name: "nws", updatedAt: live.updatedAt, dressed: true, ...drawn } as const)
      : ({
          name: "climate-ensemble",
          kind: startedFrom.length > 0 ? "ensemble" : "climate",
          ...drawn,
        } as const);
    const answer = {
      ...{ state, station, issuedAt: new Date().toISOString(), server, model },
      ...(!live && { startedFrom: ownFirst(station.id, startedFrom) }),
    };
    if (threshold) {
      const { of, above, below = 0 } = threshold;
      const limit = above === undefined ? { of, below } : { of, above };
      return { outcome: "risk", ...answer, threshold, ...answers.risk({ ...question, threshold: limit }) };
    }
    return { outcome: "forecast", ...answer, days: answers.forecast(question) };
  } catch (error) {
    // The model decides from which observations it can start.
    if (!(error instanceof RangeError)) throw error;
    const [path = "", ...rest] = error.message.split(": ");
    return refuse(answering, "invalid-request", error.message, [{ path, message: rest.join(": ") }]);
  }
}

type Started = ReturnType<Answers["startedFrom"]>;

/** Observations of the station itself, then of others, the newest first in each group. */
function ownFirst(station: string, all: Started): Started {
  const newestFirst = all.toSorted((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
  const own = newestFirst.filter((one) => one.station === station);
  return [...own, ...newestFirst.filter((one) => one.station !== station)];
}

function withoutObservation({ start }: Asked, answering: Answering): Reply {
  const message = `${answering.state} has no observation of the ten days before ${start}: give one, or leave out the model`;
  return refuse(answering, "invalid-request", message, [{ path: "model", message }]);
}
