/**
 * The day in a few words. The terms for precipitation are those of the National Weather Service: no mention below 15 %, slight
 * chance for 20 %, chance for 30 to 50 %, likely for 60 and 70 %, and only the noun above.
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
