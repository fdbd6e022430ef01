import type { Refusal, Reply } from "@weather/contracts";
import type { Station } from "@weather/forecast-model";
import { refuse, type Answering, type Asked, type Live } from "./answering.ts";
import { NoLiveForecast, type LiveForecast } from "./live-forecast.ts";

/**
 * Answers with the live forecast, or as the fallback says where it does not reach. Of the days that were asked for it
 * gives those that the source has. `members`, `seed` and `observed` are for the ensemble: the source, which starts
 * from observations of its own, has no use for them. A risk needs the ensemble too.
 *
 * @param fromClimate Answers the same request from the climate.
 */
export async function liveReply(
  asked: Asked,
  station: Station,
  answering: Answering,
  { source, fallback }: Live,
  fromClimate: () => Reply,
): Promise<Reply> {
  const otherwise = (reason: Refusal["reason"], message: string, path?: string) =>
    fallback === "climate"
      ? fromClimate()
      : refuse(answering, reason, message, path ? [{ path, message }] : []);
  if (asked.kind === "risk") {
    return otherwise("invalid-request", "this farm's live forecast tells no risks, only the weather", "kind");
  }
  let live: LiveForecast;
  try {
    live = await source.forecast(station);
  } catch (error) {
    if (!(error instanceof NoLiveForecast)) throw error;
    return otherwise("failed", error.message);
  }
  const days = live.days.filter(
    ({ date }) => date >= asked.start && date < dayAfter(asked.start, asked.days),
  );
  if (days.length === 0) {
    const [first, last] = [live.days[0]?.date, live.days.at(-1)?.date];
    const message = `the live forecast reaches from ${first} to ${last}: none of the days asked for`;
    return otherwise("invalid-request", message, "start");
  }
  const { state, server } = answering;
  const model = { name: "nws", updatedAt: live.updatedAt } as const;
  return { outcome: "forecast", state, station, issuedAt: new Date().toISOString(), server, model, days };
}

/** The date so many days after another, YYYY-MM-DD. */
function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
