import { calendarDays } from "./calendar.ts";
import type { Parameters, Temperature } from "./climate.ts";
import { throughTheYear } from "./curve.ts";
import { Gamma } from "./gamma.ts";

/** A day with at least so much precipitation is wet, mm: 0.01 inch, as NCEI counts wet days. */
export const wetFrom = 0.254;

/** The parameters of a station on each of the 366 calendar days, computed once. */
export interface Tables {
  /** Means and standard deviations, °C, of high and low; index 2 * calendar day + (wet ? 1 : 0). */
  high: Conditional;
  low: Conditional;
  /** From two days to the next; index of the transition: 2 * (day before wet ? 1 : 0) + (day wet ? 1 : 0). */
  forward: Steps;
  /** From a day to the day before it; index: wet ? 1 : 0. */
  backward: Steps;
  /** P(W|D) and P(W|W); index 2 * calendar day + (day before wet ? 1 : 0). */
  wetAfter: Float64Array;
  /** Share of days that are wet, whatever the day before was. */
  wet: Float64Array;
  /** Mean amount above 0.254 mm on a wet day, mm. */
  excess: Float64Array;
  /** Shape of the gamma distribution of that amount. */
  shape: number;
  /** That distribution with scale 1. */
  amount: Gamma;
  /** Added to P(W) for each standard deviation of the day before. */
  perHigh: number;
  perLow: number;
  /** Correlation of high and low of one day, dry and wet. */
  highWithLow: readonly [dry: number, wet: number];
}

export interface Conditional {
  mean: Float64Array;
  sd: Float64Array;
}

/** x = offset + A x(known) + B e, with B a lower triangle, for several transitions. */
interface Steps {
  /** Of each transition A row by row, then b11, b21, b22. */
  weights: Float64Array;
  /** Of each calendar day and transition the offsets of high and low. */
  offsets: Float64Array;
}

export function tablesOf({ high, low, anomalies, precipitation }: Parameters): Tables {
  const wetAfterWet = throughTheYear(precipitation.wetAfterWet);
  const wetAfterDry = throughTheYear(precipitation.wetAfterDry);
  const wet = shareOfWetDays(wetAfterWet, wetAfterDry);
  return {
    high: conditional(high, wet),
    low: conditional(low, wet),
    forward: stepsOf([anomalies.dryToDry, anomalies.dryToWet, anomalies.wetToDry, anomalies.wetToWet]),
    backward: stepsOf([anomalies.beforeDry, anomalies.beforeWet]),
    wetAfter: interleave(wetAfterDry, wetAfterWet),
    wet,
    excess: throughTheYear(precipitation.wetDayMean_mm).map((mean) => mean - wetFrom),
    shape: precipitation.shape,
    amount: new Gamma(precipitation.shape),
    perHigh: precipitation.perHighAnomaly,
    perLow: precipitation.perLowAnomaly,
    highWithLow: [anomalies.highWithLowDry, anomalies.highWithLowWet],
  };
}

/** The share of wet days that the chain settles to: P(W) = P(W|W) P(W before) + P(W|D) (1 - P(W before)). */
export function shareOfWetDays(wetAfterWet: Float64Array, wetAfterDry: Float64Array): Float64Array {
  const share = new Float64Array(calendarDays).fill(0.5);
  // The chain forgets its start within weeks: the second year is settled.
  for (let year = 0; year < 2; year++) {
    for (let day = 0; day < calendarDays; day++) {
      const before = share.at(day - 1) ?? 0;
      share[day] = before * (wetAfterWet[day] ?? 0) + (1 - before) * (wetAfterDry[day] ?? 0);
    }
  }
  return share;
}

type Step = Parameters["anomalies"]["dryToDry" | "beforeDry"];

function stepsOf(transitions: readonly Step[]): Steps {
  const weights = transitions.flatMap(({ A, B }) => [...A[0], ...A[1], B[0][0], ...B[1]]);
  const curves = transitions.flatMap(({ offsetHigh, offsetLow }) =>
    [offsetHigh, offsetLow].map(throughTheYear),
  );
  const offsets = Float64Array.from(
    { length: calendarDays * curves.length },
    (_, i) => curves[i % curves.length]?.[Math.floor(i / curves.length)] ?? NaN,
  );
  return { weights: Float64Array.from(weights), offsets };
}

/** Means of dry and wet days such that all days together keep the station's mean. */
function conditional(
  { mean_C, wetMinusDry_C, sdWet_C, sdDry_C }: Temperature,
  wet: Float64Array,
): Conditional {
  const mean = throughTheYear(mean_C);
  const difference = throughTheYear(wetMinusDry_C);
  return {
    mean: interleave(
      mean.map((all, day) => all - (wet[day] ?? 0) * (difference[day] ?? 0)),
      mean.map((all, day) => all + (1 - (wet[day] ?? 0)) * (difference[day] ?? 0)),
    ),
    sd: interleave(throughTheYear(sdDry_C), throughTheYear(sdWet_C)),
  };
}

const interleave = (dry: Float64Array, wet: Float64Array) =>
  Float64Array.from({ length: 2 * calendarDays }, (_, i) => (i % 2 ? wet : dry)[i >> 1] ?? 0);
