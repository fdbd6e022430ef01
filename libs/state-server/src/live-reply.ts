import type { Refusal, Reply } from "@weather/contracts";
import type { Station } from "@weather/forecast-model";
import { refuse, type Answering, type Asked, type Live } from "./answering.ts";
import { NoLiveForecast, type LiveForecast } from "./live-forecast.ts";
import { modelReply } from "./model-reply.ts";

/**
 * Answers from the live forecast, or as the fallback says where it does not reach. Its values are dressed: a forecast
 * has quantiles and a risk has chances, of the same members. Days that it does not reach are the climate's, if that is
 * the fallback, and are left out if not. `observed` is for the climate: the source starts from observations of its own.
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

/** The date so many days after another, YYYY-MM-DD. */
const dayAfter = (date: string, days: number) =>
  new Date(Date.parse(date) + days * dayLength).toISOString().slice(0, 10);
