const steps = "▁▂▃▄▅▆▇█";

/** Values as bars of eight heights, the least to the greatest; a gap where a value is not known. */
export function sparkline(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  const least = Math.min(...known);
  const range = Math.max(...known) - least || 1;
  return values
    .map((value) => (value === undefined ? " " : steps[Math.round(((value - least) / range) * 7)]))
    .join("");
}
