const cells = 1024;
const steps = 8192;
/** End of the integration. For shapes up to 10, less than 10^-15 of the distribution lies beyond it. */
const farthest = 60;

/**
 * The gamma distribution with scale 1: the quantiles of 1024 equal parts are computed once, and between two of them the
 * distribution is uniform. Beyond the last one the tail is exponential.
 */
export class Gamma {
  readonly #quantiles = new Float64Array(cells);

  /** @param shape 0.1 to 10 */
  constructor(shape: number) {
    // As a function of y = x^shape, the density for a shape below 1 has no pole at 0, so the trapezium rule works.
    const power = Math.min(shape, 1);
    const step = farthest ** power / steps;
    const x = Float64Array.from({ length: steps + 1 }, (_, i) => (i * step) ** (1 / power));
    const density = x.map((value) => value ** (shape - power) * Math.exp(-value));
    const cumulative = new Float64Array(steps + 1);
    for (let i = 1; i <= steps; i++) cumulative[i] = cumulative[i - 1]! + (density[i - 1]! + density[i]!) / 2;
    for (let cell = 1, i = 0; cell < cells; cell++) {
      const target = (cell / cells) * cumulative[steps]!;
      while (cumulative[i + 1]! < target) i++;
      const share = (target - cumulative[i]!) / (cumulative[i + 1]! - cumulative[i]!);
      this.#quantiles[cell] = x[i]! + share * (x[i + 1]! - x[i]!);
    }
  }

  /** The quantile of a probability from 0 to below 1. */
  quantile(probability: number): number {
    const place = probability * cells;
    const cell = Math.floor(place);
    const low = this.#quantiles[cell]!;
    if (cell === cells - 1) return low - Math.log(cells - place);
    return low + (place - cell) * (this.#quantiles[cell + 1]! - low);
  }

  /** The probability of at most x: what `quantile` maps to x. */
  probability(x: number): number {
    const quantiles = this.#quantiles;
    if (x <= 0) return 0;
    if (x >= quantiles[cells - 1]!) return 1 - Math.exp(quantiles[cells - 1]! - x) / cells;
    let below = 0;
    for (let above = cells - 1; above - below > 1;) {
      const middle = (below + above) >> 1;
      if (quantiles[middle]! <= x) below = middle;
      else above = middle;
    }
    const low = quantiles[below]!;
    return (below + (x - low) / (quantiles[below + 1]! - low)) / cells;
  }
}
