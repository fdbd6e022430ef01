import type { Risk, UnitSystem } from "@weather/contracts";
import { percent as chanceOf } from "../figures.ts";
import { condition } from "../risk-table.ts";
import { drawing, type Drawing } from "./drawing.ts";
import { element } from "./element.ts";
import { dayNames, named, percent, usualLine } from "./frame.ts";
import { placeOf } from "./forecast-chart.ts";
import { where, words, type Surface } from "./surface.ts";

interface RiskChartOptions {
  readonly units: UnitSystem;
  /** The same risk in the climate: what is usual for the date. */
  readonly climate?: Risk;
}

/** Height of the chart, in px. */
const height = 138;
const [dotsTop, dotsBottom] = [50, 98];

const hues = { high: "warm", low: "cold", precipitation: "rain" } as const;

/**
 * The chance that a threshold is crossed, as ten dots a day: three filled dots are 30 %. The first column is the chance on any of
 * the days.
 */
export function riskChart(risk: Risk, { units, climate }: RiskChartOptions, surface: Surface): Drawing {
  const hue = hues[risk.threshold.of];
  const count = risk.days.length + 1;
  const day = risk.threshold.of === "low" ? "night" : "day";
  const told = risk.days.map(({ date, chance }) => `${named(date)} ${chanceOf(chance)}`).join(", ");
  const title = `How likely is ${condition(risk.threshold, units)} at ${placeOf(risk)}?`;
  const description = `On any of the days ${chanceOf(risk.chance)}. ${told}.`;
  return drawing(
    surface,
    height,
    { title, description },
    element("rect", { class: "past", x: 0, y: 0, width: percent(1, count), height, rx: 4 }),
    element(
      "text",
      { class: "strong mid", x: percent(0.5, count), y: 12 },
      words(surface, { narrow: "any", middle: "any of" }),
    ),
    element(
      "text",
      { class: "mid", x: percent(0.5, count), y: 28 },
      words(surface, {
        narrow: "",
        middle: `${risk.days.length} ${day}${risk.days.length === 1 ? "" : "s"}`,
      }),
    ),
    // The first column is no day, so the names of the days begin above the second one.
    element(
      "svg",
      { x: percent(1, count), width: percent(count - 1, count), height, overflow: "visible" },
      dayNames(
        risk.days.map(({ date }) => date),
        12,
        surface,
      ),
    ),
    ...[risk.chance, ...risk.days.map(({ chance }) => chance)].map((chance, at) => {
      const x = percent(at + 0.5, count);
      const figure = Math.round(chance * 100);
      const text = words(surface, { narrow: String(figure), middle: `${figure} %` });
      const dots = at === 0 ? "" : tenDots(Math.round(chance * 10), x, hue);
      return dots + element("text", { class: `figure mid ${hue}`, x, y: 126 }, text);
    }),
    climate ? usualLine([undefined, ...climate.days.map(({ chance }) => yOf(chance))], 0, height) : "",
    where(
      surface,
      "wide",
      element("text", { x: "100%", dx: 8, y: dotsBottom + 4 }, `in ten such ${day}s`) +
        (climate ? element("text", { x: "100%", dx: 8, y: usualNameAt(climate) }, "usual for the date") : ""),
    ),
  );
}

const yOf = (chance: number) => dotsBottom + 6 - chance * (dotsBottom + 12 - dotsTop);

/** The y of the label of the climate: beside its line, but above the words below the dots. */
const usualNameAt = ({ days }: Risk) => Math.min(yOf(days.at(-1)?.chance ?? 0), dotsBottom - 15) + 4;

/** Two columns of five, filled from below. */
function tenDots(filled: number, x: string, hue: string): string {
  return Array.from({ length: 10 }, (_, at) => {
    const left = at % 2 === 0;
    return element("circle", {
      class: at < filled ? `dot on ${hue}` : "dot",
      cx: x,
      cy: dotsBottom - Math.floor(at / 2) * 12,
      r: 4.2,
      transform: `translate(${left ? -6 : 6})`,
    });
  }).join("");
}
