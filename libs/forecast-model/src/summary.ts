/**
 * The day in a few words. How likely precipitation is, in the terms of the National Weather Service: below 15 % none,
 * 20 % slight chance, 30 to 50 % chance, 60 and 70 % likely, above that the bare noun.
 */
export function summaryOf(day: {
  high: { p50: number };
  low: { p50: number };
  precipitation: { chance: number };
}): string {
  const high = day.high.p50;
  const low = day.low.p50;
  const kind = high <= 1 ? "snow" : low < 0 && high < 5 ? "rain or snow" : "rain";
  const words = likelihood(day.precipitation.chance, kind);
  const cold = high <= 0 ? ", freezing all day" : low <= 0 ? ", frost at night" : "";
  return words + (high >= 32 ? ", hot" : cold);
}

function likelihood(chance: number, kind: string): string {
  if (chance < 0.15) return "Mostly dry";
  if (chance < 0.25) return `Slight chance of ${kind}`;
  if (chance < 0.55) return `Chance of ${kind}`;
  const noun = kind.charAt(0).toUpperCase() + kind.slice(1);
  return chance < 0.75 ? `${noun} likely` : noun;
}
