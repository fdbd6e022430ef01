/**
 * The quantile of sorted values for a probability p: a further draw is below it with probability p. Position (n + 1) p
 * (Weibull; definition 6 of Hyndman & Fan 1996), so that the range p10 to p90 covers 80 %.
 */
export function quantile(sorted: Float64Array, p: number): number {
  const position = Math.min(Math.max((sorted.length + 1) * p, 1), sorted.length);
  const below = Math.floor(position);
  const low = sorted[below - 1] ?? NaN;
  const high = sorted[below] ?? low;
  return low + (position - below) * (high - low);
}
