import * as z from "zod";

/** The observed and forecast quantities of a day: highest temperature, lowest temperature, wetness. */
const elements = ["high", "low", "wet"] as const;

/** Time of each element, in days after midnight, local standard time, unless another one is fitted. */
export const hours = [0.62, 0.25, 0.5] as const;

const amount = z.number().min(-5).max(5);
const triple = z.tuple([amount, amount, amount]);
const look = z.strictObject({
  weight: amount,
  days: z.number().min(-5).max(5).describe("Days after midnight at which the element sees the field"),
});

/** Schema of correlations.json: the correlations of the normal scores of high, low and wetness, in space and time. */
export const correlationsSchema = z.strictObject({
  note: z.string(),
  sources: z.array(z.string()).describe("Daily series that it was fitted to"),
  fields: z
    .array(
      z.strictObject({
        east_km: z.number().positive().describe("Standard deviation of the Gaussian correlation, eastwards"),
        north_km: z.number().positive().describe("The same northwards"),
        tilt: z
          .number()
          .min(-0.99)
          .max(0.99)
          .describe("Above 0 it reaches farthest from south-west to north-east"),
        drift_km: z.tuple([z.number(), z.number()]).describe("Mean drift eastwards and northwards, km a day"),
        spread_km: z.number().positive().describe("Standard deviation of the drift, km a day"),
        memory_days: z
          .number()
          .positive()
          .describe("Time in which correlation falls to 1/e, moving with the field"),
        high: z.array(look).min(1),
        low: z.array(look).min(1),
        wet: z.array(look).min(1),
      }),
    )
    .min(1)
    .describe("Fields that drift over the country; each element is a weighted sum of looks at them"),
  slow: z
    .strictObject({ weights: triple, reach_km: z.number().positive(), memory_days: z.number().positive() })
    .describe("What lasts for weeks: the same for all elements but for a weight"),
  local: z
    .strictObject({ covariance: z.tuple([triple, triple, triple]), memory_days: z.number().positive() })
    .describe("What a station has for itself; covariance of high, low, wet"),
});

export type CorrelationParameters = z.output<typeof correlationsSchema>;

/** Degrees north and east. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** How one element samples a field, with the precomputed parts of the field. */
interface Look {
  element: number;
  field: number;
  weight: number;
  days: number;
}

const degree_km = 111.2;

/** How far the second place lies from the first, km eastwards and northwards. */
export function displacement(from: Place, to: Place): [east: number, north: number] {
  const middle = ((from.latitude + to.latitude) / 2) * (Math.PI / 180);
  return [
    (to.longitude - from.longitude) * degree_km * Math.cos(middle),
    (to.latitude - from.latitude) * degree_km,
  ];
}

/**
 * Covariance of all pairs of elements at two places, the second a number of days later: index 3 * (element at the first) +
 * (element at the second). Fields that drift with a normally distributed velocity have this form (Cox & Isham 1988;
 * Gneiting, Genton & Guttorp 2007, "Lagrangian" covariances), so that every covariance matrix made of it is
 * positive-definite.
 */
export function covarianceOf({
  fields,
  slow,
  local,
}: CorrelationParameters): (east: number, north: number, days: number, samePlace: boolean) => Float64Array {
  const looks = fields.flatMap((field, f) =>
    elements.flatMap((name, element) => field[name].map((one): Look => ({ element, field: f, ...one }))),
  );
  const pairs = looks.flatMap((a) => looks.filter((b) => a.field === b.field).map((b) => [a, b] as const));
  const shapes = fields.map(({ east_km, north_km, tilt, spread_km, drift_km, memory_days }) => ({
    xx: east_km ** 2,
    yy: north_km ** 2,
    xy: tilt * east_km * north_km,
    area: Math.sqrt(1 - tilt ** 2) * east_km * north_km,
    spread: spread_km ** 2,
    drift: drift_km,
    memory: memory_days,
  }));
  return (east, north, days, samePlace) => {
    const result = new Float64Array(9);
    for (const [a, b] of pairs) {
      const { xx, yy, xy, area, spread, drift, memory } = shapes[a.field]!;
      const time = days + b.days - a.days;
      const x = east - drift[0] * time;
      const y = north - drift[1] * time;
      const wide = xx + spread * time * time;
      const high = yy + spread * time * time;
      const determinant = wide * high - xy * xy;
      const square = (high * x * x - 2 * xy * x * y + wide * y * y) / determinant;
      result[3 * a.element + b.element]! +=
        a.weight *
        b.weight *
        (area / Math.sqrt(determinant)) *
        Math.exp(-square / 2 - Math.abs(time) / memory);
    }
    const far = Math.exp(
      -(east * east + north * north) / (2 * slow.reach_km ** 2) - Math.abs(days) / slow.memory_days,
    );
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        result[3 * i + j]! += slow.weights[i]! * slow.weights[j]! * far;
        if (!samePlace) continue;
        const apart = Math.abs(days + hours[j]! - hours[i]!);
        result[3 * i + j]! += local.covariance[i]![j]! * Math.exp(-apart / local.memory_days);
      }
    }
    return result;
  };
}

/** Covariances among a set of places, each pair computed when it is first asked for. */
export class Covariances {
  readonly #of: ReturnType<typeof covarianceOf>;
  readonly #places: readonly Place[];
  readonly #made = new Map<number, Float64Array>();

  constructor(parameters: CorrelationParameters, places: readonly Place[]) {
    this.#of = covarianceOf(parameters);
    this.#places = places;
  }

  /** @param days From the day at the first place to that at the second, -31 to 31. */
  between(first: number, second: number, days: number): Float64Array {
    const key = (first * this.#places.length + second) * 64 + days + 32;
    const made = this.#made.get(key);
    if (made) return made;
    const [east, north] = displacement(this.#places[first]!, this.#places[second]!);
    const making = this.#of(east, north, days, first === second);
    this.#made.set(key, making);
    return making;
  }
}
