const steps = "▁▂▃▄▅▆▇█";

/** Values as bars of eight heights, the least to the greatest. */
export function sparkline(values: readonly number[]): string {
  const least = Math.min(...values);
  const range = Math.max(...values) - least || 1;
  return values.map((value) => steps[Math.round(((value - least) / range) * 7)]).join("");
}
