/** Density of the standard normal distribution. */
export const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** P(Z <= z) of a standard normal Z, to 7.5e-8: Abramowitz & Stegun (1964), 26.2.17. */
export function probabilityBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    density(z) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z < 0 ? tail : 1 - tail;
}

/** The z with P(Z <= z) = p, by bisection; from -8 to 8. */
export function normalQuantile(p: number): number {
  let low = -8;
  let high = 8;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (probabilityBelow(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
