import { unitsOf } from "@weather/contracts";
import { axis, freezing } from "./axis.ts";
import { element, escaped } from "./element.ts";
import { endLabels } from "./end-labels.ts";
import { fan, observedDot, usualBand } from "./fan.ts";
import { ground, percent, question, stretched } from "./frame.ts";
import { degrees, heightOf, yOf, type Panel } from "./panel.ts";
import { byRoom, where, words, type Surface } from "./surface.ts";

/** Distance from the top of a panel to its plot, in px. The question, the figures and their ranges are in between. */
export const plotAt = 76;

const texts = {
  high: { hue: "warm", question: "How warm will the day get?", shows: "Highest temperature" },
  low: { hue: "cold", question: "How cold will the night get?", shows: "Lowest temperature" },
} as const;

/** Highs or lows: a fan of quantiles, or a line if the source gives no range, in front of the climate. @param top y in px */
export function temperaturePanel(panel: Panel, top: number, surface: Surface): string {
  const { of, columns, units } = panel;
  const height = heightOf(panel);
  const { hue, question: asked, shows } = texts[of];
  const { symbol } = unitsOf[units].temperature;
  const note = `${shows}, ${symbol}`;
  const { lines, labels } = axis(panel, top + plotAt);
  const drawing = stretched(
    columns.length,
    top + plotAt,
    height,
    usualBand(panel),
    lines,
    fan(panel, hue, freezing(panel), surface),
    observedDot(panel),
  );
  return [
    question(asked, note, top),
    ground(columns, top + 26, height + plotAt - 26),
    figures(panel, top, hue, surface),
    labels,
    drawing,
    inFirstColumn(panel, top + plotAt, surface),
    where(surface, "wide", endLabels(panel, top + plotAt)),
  ].join("");
}

/** The medians, and the range of each below it. */
function figures({ of, columns, units }: Panel, top: number, hue: string, surface: Surface): string {
  const texts = columns.map(({ day, observed }) => {
    const spread = day?.[of];
    const value = observed ? observed[of] : spread?.p50;
    return {
      name: spread ? `figure mid ${hue}` : "figure mid",
      figure: value === undefined ? "–" : degrees(value, units),
      range: spread
        ? `${degrees(spread.p10, units)} to ${degrees(spread.p90, units)}`
        : observed
          ? "observed"
          : "",
    };
  });
  const figureLow = texts.some(({ figure }) => figure.length > 2);
  const rangeLow = texts.some(({ range }) => range.length > 9);
  return texts
    .map(({ name, figure, range }, at) => {
      const x = percent(at + 0.5, columns.length);
      // If the figures have no room side by side, every second one is lower.
      const lower = at % 2 === 1 ? 13 : 0;
      const figureAt = (y: number) => element("text", { class: name, x, y }, escaped(figure));
      const rangeAt = element(
        "text",
        { class: "mid", x, y: top + 61 + (rangeLow ? lower : 0) },
        escaped(range),
      );
      return byRoom(surface, figureAt(top + 46 + (figureLow ? lower : 0)), figureAt(top + 44) + rangeAt);
    })
    .join("");
}

/** Words in the column of the observed day, where there is no forecast. */
function inFirstColumn(panel: Panel, top: number, surface: Surface): string {
  const { of, columns, range } = panel;
  const [first] = columns;
  if (!first?.observed) return "";
  const free = (celsius: number) =>
    Math.abs(yOf(panel, celsius) - yOf(panel, first.observed?.[of] ?? 0)) > 24;
  const frost = of === "low" && range.least < -2 && range.most > 0 && free(-1);
  const usual = first.usual?.[of];
  return [
    frost ? element("text", { class: "strong", x: 0, dx: 5, y: top + yOf(panel, 0) + 15 }, "frost") : "",
    of === "high" && usual && free((usual.p10 + usual.p50) / 2)
      ? element(
          "text",
          { x: 0, dx: 5, y: top + yOf(panel, usual.p10) - 8 },
          words(surface, { narrow: "usual" }),
        )
      : "",
  ].join("");
}
