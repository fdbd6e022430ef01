import { covarianceOf, hours, type CorrelationParameters } from "@weather/forecast-model/parts";
import { leastSquares } from "./least-squares.ts";
import type { Sample } from "./sample-correlations.ts";

/** A parameter: its initial value, and how far it is expected to move. */
type Begin = readonly [value: number, scale: number];

/** Penalty for a distance from the initial values, so that parameters that the data do not determine stay bounded. */
const hold = 0.1;

/** The first sample of an element, and one at another time of day. Together they also see the field's tendency. */
const first = (element: number): Begin[] => [
  [0.5, 1],
  [hours[element] ?? 0, 0.6],
];
const second = (element: number): Begin[] => [
  [-0.2, 1],
  [(hours[element] ?? 0) + 0.7, 0.6],
];

/** Logarithms keep lengths and times above 0, the inverse hyperbolic tangent keeps the tilt between -1 and 1. */
const fieldBegin = (size_km: number): Begin[] => [
  [Math.log(size_km), 0.7],
  [Math.log(size_km), 0.7],
  [0, 0.7],
  [0.7, 0.5],
  [-0.1, 0.5],
  [Math.log(300), 0.7],
  [Math.log(3), 1],
  ...first(0),
  ...first(1),
  ...second(1),
  ...first(2),
  ...second(2),
];

const begin: readonly Begin[] = [
  ...fieldBegin(700),
  ...fieldBegin(450),
  // Slow: three weights, reach, memory.
  [0.25, 0.5],
  [0.25, 0.5],
  [0, 0.5],
  [Math.log(1500), 0.5],
  [Math.log(20), 0.7],
  // Local: a lower triangle whose square is the covariance, memory.
  [0.3, 0.5],
  [0.1, 0.5],
  [0.3, 0.5],
  [0, 0.5],
  [0, 0.5],
  [0.5, 0.5],
  [0, 0.7],
];

type Fitted = Omit<CorrelationParameters, "note" | "sources">;

/** The correlation model with the smallest weighted sum of squares for the samples. */
export function fitCorrelations(samples: readonly Sample[]): Fitted {
  const weights = samples.map(weightsOf);
  const residuals = (vector: Float64Array) => {
    const of = covarianceOf({ note: "", sources: [], ...parametersFrom(vector) });
    const result = new Float64Array(9 * samples.length + vector.length);
    samples.forEach(({ east, north, days, same, correlations }, s) => {
      const model = of(east, north, days, same);
      for (let k = 0; k < 9; k++) result[9 * s + k] = (model[k]! - correlations[k]!) * weights[s]![k]!;
    });
    vector.forEach((value, i) => {
      const [from, scale] = begin[i] ?? [0, 1];
      result[9 * samples.length + i] = (hold * (value - from)) / scale;
    });
    return result;
  };
  const found = leastSquares(
    residuals,
    Float64Array.from(begin, ([value]) => value),
    Float64Array.from(begin, ([, scale]) => scale),
  );
  return withUnitVariance(parametersFrom(found));
}

/** A station's own past counts most; wetness correlates less than temperature, and matters less. */
function weightsOf({ days, same }: Sample): Float64Array {
  const near = (same ? 3 : 1) * (days <= 2 ? 1 : days === 3 ? 0.8 : 0.6);
  const ofElements = (a: number, b: number) => (a === 2 && b === 2 ? 0.7 : a === 2 || b === 2 ? 0.85 : 1);
  return Float64Array.from({ length: 9 }, (_, k) => {
    // The same pair twice: high with low and low with high of one day and place.
    const twice = same && days === 0 && k % 3 < Math.floor(k / 3);
    return twice ? 0 : near * ofElements(Math.floor(k / 3), k % 3);
  });
}

function parametersFrom(vector: Float64Array): Fitted {
  let at = 0;
  const next = () => vector[at++] ?? NaN;
  const look = () => ({ weight: next(), days: next() });
  const field = () => ({
    east_km: Math.exp(next()),
    north_km: Math.exp(next()),
    tilt: Math.tanh(next()),
    drift_km: [1000 * next(), 1000 * next()] as [number, number],
    spread_km: Math.exp(next()),
    memory_days: Math.exp(next()),
    high: [look()],
    low: [look(), look()],
    wet: [look(), look()],
  });
  const fields = [field(), field()];
  const slow = {
    weights: [next(), next(), next()] as [number, number, number],
    reach_km: Math.exp(next()),
    memory_days: Math.exp(next()),
  };
  const [a, b, c, d, e, f] = [next(), next(), next(), next(), next(), next()];
  const covariance: Fitted["local"]["covariance"] = [
    [a * a, a * b, a * d],
    [a * b, b * b + c * c, b * d + c * e],
    [a * d, b * d + c * e, d * d + e * e + f * f],
  ];
  return { fields, slow, local: { covariance, memory_days: Math.exp(next()) } };
}

/** Scales the covariances so that scores have variance 1. Least squares reach this only approximately. */
function withUnitVariance({ fields, slow, local }: Fitted): Fitted {
  const variance = covarianceOf({ note: "", sources: [], fields, slow, local })(0, 0, 0, true);
  const factor = [0, 1, 2].map((element) => 1 / Math.sqrt(variance[4 * element] ?? 1)) as [
    number,
    number,
    number,
  ];
  const scaled = (looks: { weight: number; days: number }[], element: 0 | 1 | 2) =>
    looks.map(({ weight, days }) => ({ weight: weight * factor[element], days }));
  const { weights, ...rest } = slow;
  return {
    fields: fields.map(({ high, low, wet, ...field }) => ({
      ...field,
      high: scaled(high, 0),
      low: scaled(low, 1),
      wet: scaled(wet, 2),
    })),
    slow: {
      weights: weights.map((weight, i) => weight * (factor[i] ?? 1)) as [number, number, number],
      ...rest,
    },
    local: {
      ...local,
      covariance: local.covariance.map((row, i) =>
        row.map((value, j) => value * (factor[i] ?? 1) * (factor[j] ?? 1)),
      ) as Fitted["local"]["covariance"],
    },
  };
}
