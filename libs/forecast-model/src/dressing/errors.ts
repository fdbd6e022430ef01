import figures from "./nws-errors.json" with { type: "json" };

/**
 * Errors of the National Weather Service's highs and lows by lead time, as `npm run climate:fit-nws` writes them:
 * tools/src/climate/nws/errors-file.ts says what each field is.
 */
export const nwsErrors = figures;

export type ForecastErrors = typeof nwsErrors;
export type ErrorsByLead = ForecastErrors["high"];

/** Lead time at which a forecast is worth no more than the climate, hours. */
export const climateLead = 240;

interface LeadError {
  /** Mean of observed minus forecast, °C. */
  mean: number;
  /** Standard deviation of the measured part of the error, °C. */
  sd: number;
  /** Weight of a climate anomaly in the error, 0 to 1; above 0 where the error is extrapolated. */
  climateWeight: number;
}

/**
 * The error of a forecast at a lead time in hours. Between the measured leads mean and standard deviation are
 * interpolated; below the first one they are those of the first. Beyond the last one (48 h) nothing is measured, and
 * the error is extrapolated: its variance is interpolated linearly from the measured one to the climate's at 240 h. The
 * error is then the sum of the measured error and a climate anomaly, with weights whose squares add up to 1.
 */
export function errorAt(errors: ErrorsByLead, lead: number): LeadError {
  const first = errors[0]!;
  const last = errors.at(-1)!;
  if (lead > last.lead_h) {
    const way = Math.min(1, (lead - last.lead_h) / (climateLead - last.lead_h));
    return {
      mean: (1 - way) * last.mean_C,
      sd: Math.sqrt(1 - way) * last.sd_C,
      climateWeight: Math.sqrt(way),
    };
  }
  const after = errors.find(({ lead_h }) => lead_h >= lead) ?? last;
  const before = errors.findLast(({ lead_h }) => lead_h <= lead) ?? first;
  const share = after === before ? 0 : (lead - before.lead_h) / (after.lead_h - before.lead_h);
  const between = (from: number, to: number) => from + share * (to - from);
  return {
    mean: between(before.mean_C, after.mean_C),
    sd: between(before.sd_C, after.sd_C),
    climateWeight: 0,
  };
}
