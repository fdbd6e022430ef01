import { unitsOf } from "@weather/contracts";
import { axis, freezing } from "./axis.ts";
import { element, rounded } from "./element.ts";
import { endLabels } from "./end-labels.ts";
import { fan, observedDot, usualBand } from "./fan.ts";
import { ground, percent, question } from "./frame.ts";
import { degrees, heightOf, yOf, type Panel } from "./panel.ts";
import { where, words, type Surface } from "./surface.ts";

/** From the top of a panel to its plot, in px: question, figures and their ranges. */
export const plotAt = 76;

const texts = {
  high: { hue: "warm", question: "How warm will the day get?", shows: "Highest temperature" },
  low: { hue: "cold", question: "How cold will the night get?", shows: "Lowest temperature" },
} as const;

/** Highs or lows: a fan of quantiles before what is usual, or a line where the source gives no range. @param top in px */
export function temperaturePanel(panel: Panel, top: number, surface: Surface): string {
  const { of, columns, units } = panel;
  const height = heightOf(panel);
  const { hue, question: asked, shows } = texts[of];
  const { symbol } = unitsOf[units].temperature;
  const note = `${shows}, ${symbol}`;
  const { lines, labels } = axis(panel, top + plotAt);
  const drawing = element(
    "svg",
    {
      x: 0,
      y: top + plotAt,
      width: "100%",
      height,
      viewBox: `0 0 ${columns.length * 100} ${rounded(height)}`,
      preserveAspectRatio: "none",
    },
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

function figures({ of, columns, units }: Panel, top: number, hue: string, surface: Surface): string {
  return columns
    .map(({ day, observed }, at) => {
      const x = percent(at + 0.5, columns.length);
      const spread = day?.[of];
      const value = observed ? observed[of] : spread?.p50;
      const shown = value === undefined ? "–" : degrees(value, units);
      const below = observed
        ? "observed"
        : spread
          ? `${degrees(spread.p10, units)} to ${degrees(spread.p90, units)}`
          : "";
      return (
        element("text", { class: `figure mid${observed ? "" : ` ${hue}`}`, x, y: top + 46 }, shown) +
        where(
          surface,
          "middle",
          element("text", { class: "mid", x, y: top + 63 }, words(surface, { narrow: below })),
        )
      );
    })
    .join("");
}

/** Words in the column of the observed day, where no forecast is in their way. */
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
