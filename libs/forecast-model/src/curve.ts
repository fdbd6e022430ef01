import * as z from "zod";
import { calendarDays } from "./calendar.ts";

/**
 * A quantity through the year, as a Fourier series (Richardson 1981). Cycle k (1, 2, …) has k periods a year.
 */
export const curveSchema = z.strictObject({
  mean: z.number().describe("Mean over the year, in the unit that the field's name ends in"),
  cycles: z
    .array(
      z.strictObject({
        amplitude: z.number().describe("Half of the way from trough to peak, same unit as the mean"),
        peakDay: z
          .number()
          .min(1)
          .max(367)
          .describe("Day of a leap year on which the (first) peak stands, 1 = 1 January"),
      }),
    )
    .max(4)
    .describe("Yearly, half-yearly, … cycle"),
});

export type Curve = z.output<typeof curveSchema>;

/** Angle of a calendar day (0 to 365), taken at noon, in the k-th cycle. */
export const angle = (day: number, k: number) => (2 * Math.PI * k * (day + 0.5)) / calendarDays;

/** Cosine and sine of each calendar day in the first four cycles. The thousand curves of a climate share them. */
const turns = [1, 2, 3, 4].map((k) => ({
  cos: Float64Array.from({ length: calendarDays }, (_, day) => Math.cos(angle(day, k))),
  sin: Float64Array.from({ length: calendarDays }, (_, day) => Math.sin(angle(day, k))),
}));

/** The value of a curve on each of the 366 calendar days. */
export function throughTheYear({ mean, cycles }: Curve): Float64Array {
  const year = new Float64Array(calendarDays).fill(mean);
  cycles.forEach(({ amplitude, peakDay }, i) => {
    const { cos, sin } = turns[i]!;
    const peak = angle(peakDay - 1, i + 1);
    const [a, b] = [amplitude * Math.cos(peak), amplitude * Math.sin(peak)];
    for (let day = 0; day < calendarDays; day++) year[day]! += a * cos[day]! + b * sin[day]!;
  });
  return year;
}
