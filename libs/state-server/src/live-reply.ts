import type { Refusal, Reply } from "@weather/contracts";
import type { Station } from "@weather/forecast-model";
import { refuse, type Answering, type Asked, type Live } from "./answering.ts";
import { NoLiveForecast, type LiveForecast } from "./live-forecast.ts";
import { modelReply } from "./model-reply.ts";

/**
 * Answers from the live forecast. Its values are dressed with errors: the quantiles of a forecast and the probabilities of a
 * risk come from the same members. Days beyond the live forecast come from the climate if that is the fallback, and are left
 * out otherwise. `observed` applies only to the climate, because the source has its own observations.
 */
export async function liveReply(
  asked: Asked,
  station: Station,
  answering: Answering,
  { source, fallback }: Live,
): Promise<Reply> {
  const otherwise = (reason: Refusal["reason"], message: string, path?: string) =>
    fallback === "climate"
      ? modelReply(asked, station, answering)
      : refuse(answering, reason, message, path ? [{ path, message }] : []);
  let live: LiveForecast;
  try {
    live = await source.forecast(station);
  } catch (error) {
    if (!(error instanceof NoLiveForecast)) throw error;
    return otherwise("failed", error.message);
  }
  const last = dayAfter(asked.start, asked.days - 1);
  const reached = live.days.map(({ date }) => date).filter((date) => date >= asked.start && date <= last);
  if (reached.length === 0) {
    const message = `the live forecast reaches from ${live.days[0]?.date} to ${live.days.at(-1)?.date}: none of the days asked for`;
    return otherwise("invalid-request", message, "start");
  }
  const start = reached[0]!;
  const days = (Date.parse(reached.at(-1)!) - Date.parse(start)) / dayLength + 1;
  return modelReply(fallback === "climate" ? asked : { ...asked, start, days }, station, answering, { live });
}

const dayLength = 86_400_000; // ms

/** The date so many days after a date, YYYY-MM-DD. */
const dayAfter = (date: string, days: number) =>
  new Date(Date.parse(date) + days * dayLength).toISOString().slice(0, 10);
