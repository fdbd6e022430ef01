import type { Day } from "@weather/contracts";
import type { Figures } from "./figures.ts";

/** The median, with the range in which eight of ten members lie. */
export const spread = ({ p10, p50, p90 }: Day["high"], { degrees }: Figures): string =>
  `${degrees(p50)} (${degrees(p10)} to ${degrees(p90)})`;

/** As {@link spread}, but shorter: the range in whole degrees. */
export const shortSpread = ({ p10, p50, p90 }: Day["high"], { degrees, wholeDegrees }: Figures): string =>
  `${degrees(p50)} (${wholeDegrees(p10)} to ${wholeDegrees(p90)})`;

/** The mean amount of precipitation, and its 90th percentile. */
export const amountRange = ({ precipitation: { mean, p90 } }: Day, { amount }: Figures): string =>
  `${amount(mean)} (${amount(p90)})`;

/** Day of the week, such as `Mon`. */
export const weekday = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" });

/** Day of the week with month and day, such as `Mon 11-23`. */
export const shortDay = (date: string): string => `${weekday(date)} ${date.slice(5)}`;
