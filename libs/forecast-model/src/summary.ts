/** What a summary is made from: °C, mm, 0 to 1. */
interface Outlook {
  high: { p50: number };
  low: { p50: number };
  precipitation: { chance: number; mean: number };
}

/**
 * The day in a few words: how likely precipitation is, by the terms of the National Weather Service (chance below 20 %:
 * none; 20 %: slight chance; 30 to 50 %: chance; 60 to 70 %: likely; above: the bare noun), and whether it would be snow.
 */
export function summaryOf({ high, low, precipitation: { chance, mean } }: Outlook): string {
  const kind = high.p50 <= 1 ? "snow" : low.p50 < 0 && high.p50 < 5 ? "rain or snow" : "rain";
  const noun = `${mean / Math.max(chance, 0.01) >= 10 && kind === "rain" ? "heavy " : ""}${kind}`;
  const words =
    chance < 0.15
      ? "Mostly dry"
      : chance < 0.25
        ? `Slight chance of ${noun}`
        : chance < 0.55
          ? `Chance of ${noun}`
          : chance < 0.75
            ? `${noun} likely`
            : noun;
  const frost = low.p50 <= 0 && high.p50 > 0 ? ", frost at night" : "";
  const warmth = high.p50 <= 0 ? ", freezing all day" : high.p50 >= 32 ? ", hot" : frost;
  return words.charAt(0).toUpperCase() + words.slice(1) + warmth;
}
