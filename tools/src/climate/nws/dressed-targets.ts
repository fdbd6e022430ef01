import type { Target } from "../targets.ts";
import type { DressedScore } from "./dressed-scores.ts";
import { elements } from "./verified-forecasts.ts";

/** Wrong raw forecasts that a Brier score needs to mean anything. */
const fewest = 20;

/** Targets of dressed forecasts, and whether they are met. */
export function dressedTargets(scores: readonly DressedScore[]): Target[] {
  const ratios = scores.map(({ crps, rawError }) => crps / rawError);
  const coverage = scores.map(({ coverage }) => coverage);
  return [
    {
      target: "CRPS at most 0.74 of the raw mean absolute error, each element and lead",
      met: Math.max(...ratios) <= 0.74,
      measured: `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`,
    },
    {
      target: "the 10-90 % range covers 77 to 84 %, each element and lead",
      met: Math.min(...coverage) >= 0.77 && Math.max(...coverage) <= 0.84,
      measured: `${percent(Math.min(...coverage))} to ${percent(Math.max(...coverage))} %`,
    },
    ...elements.flatMap((element) => brierTarget(scores.filter((score) => score.element === element))),
  ];
}

/** All leads together, because the events are rare. */
function brierTarget(scores: readonly DressedScore[]): Target[] {
  const [first] = scores;
  if (!first) return [];
  const sum = (of: (score: DressedScore) => number) => scores.reduce((total, score) => total + of(score), 0);
  const misses = sum(({ rawMisses }) => rawMisses);
  const event = first.element === "high" ? "a high above 30 °C" : "a low below 0 °C";
  const target = `Brier score of ${event} at most 0.76 of the raw one, all leads together`;
  if (misses < fewest) {
    return [{ target, met: true, measured: `not judged: the raw forecast was wrong ${misses} times only` }];
  }
  const ratio = sum(({ n, brier }) => n * brier) / sum(({ n, rawBrier }) => n * rawBrier);
  return [{ target, met: ratio <= 0.76, measured: ratio.toFixed(3) }];
}

const percent = (share: number) => (share * 100).toFixed(1);
