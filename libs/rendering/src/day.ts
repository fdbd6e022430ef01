import type { EnsembleDay, SingleDay } from "@weather/contracts";
import type { Figures } from "./figures.ts";

export type Day = EnsembleDay | SingleDay;

/** The value to show first: the median, or the only one; nothing where none is known. */
export const middle = (value: Day["high"]): number | undefined =>
  value && ("p50" in value ? value.p50 : value.value);

/** The median, with the range in which eight of ten members lie; or the only value. */
export function spread(value: Day["high"], { degrees }: Figures): string {
  if (!value) return "–";
  if ("value" in value) return degrees(value.value);
  return `${degrees(value.p50)} (${degrees(value.p10)} to ${degrees(value.p90)})`;
}

/** As {@link spread}, but shorter: the range in whole degrees. */
export function shortSpread(value: Day["high"], figures: Figures): string {
  if (!value || "value" in value) return spread(value, figures);
  const { degrees, wholeDegrees } = figures;
  return `${degrees(value.p50)} (${wholeDegrees(value.p10)} to ${wholeDegrees(value.p90)})`;
}

/** The mean amount of precipitation and what nine days in ten stay below; or the only value. */
export function amountRange({ precipitation }: Day, { amount }: Figures): string {
  if ("mean" in precipitation) return `${amount(precipitation.mean)} (${amount(precipitation.p90)})`;
  return precipitation.amount === undefined ? "–" : amount(precipitation.amount);
}

/** The mean amount of precipitation, or the only value. */
export function meanAmount({ precipitation }: Day, { amount }: Figures): string {
  const value = "mean" in precipitation ? precipitation.mean : precipitation.amount;
  return value === undefined ? "–" : amount(value);
}

/** Such as Mon. */
export const weekday = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" });

/** Such as `Mon 11-23`. */
export const shortDay = (date: string): string => `${weekday(date)} ${date.slice(5)}`;
