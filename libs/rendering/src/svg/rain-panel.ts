import { unitsOf, type UnitSystem } from "@weather/contracts";
import type { Column } from "./chart-data.ts";
import { element } from "./element.ts";
import { ground, percent, question, usualLine } from "./frame.ts";
import { where, words, type Surface } from "./surface.ts";

/** Distance from the top of the panel to its plot, in px. */
const plotAt = 50;
const plotHeight = 64;
/** Height of the whole panel, in px. */
export const rainHeight = plotAt + plotHeight + 26;

/** Chances of precipitation as bars, and below them the 90th percentile of the amount. @param top y of the panel, in px */
export function rainPanel(
  columns: readonly Column[],
  units: UnitSystem,
  top: number,
  surface: Surface,
): string {
  const plot = top + plotAt;
  const lines = [100, 50, 0].map((value) => {
    const y = plot + plotHeight * (1 - value / 100);
    const line = element("line", {
      class: value === 0 ? "grid zero" : "grid",
      x1: 0,
      x2: "100%",
      y1: y,
      y2: y,
    });
    return line + element("text", { class: "end", x: 0, dx: -7, y: y + 4 }, String(value));
  });
  const { symbol } = unitsOf[units].precipitation;
  const below = plot + plotHeight + 18;
  const limit = units === "us" ? "0.01 in" : "0.25 mm";
  const shows = {
    narrow: `Chance, %; below: ${symbol} at most, 9 times in 10`,
    middle: `Chance of ${limit} or more, in %; below: what 9 days in 10 do not exceed`,
  };
  return [
    question("Will it rain or snow?", words(surface, shows), top),
    ground(columns, plot, plotHeight),
    ...lines,
    ...columns.map((column, at) => bar(column, at, columns.length, units, plot, surface)),
    usualLine(
      columns.map(({ usual }) => usual && (1 - usual.precipitation.chance) * plotHeight),
      plot,
      plotHeight,
    ),
    ...columns.map((column, at) => figure(column, percent(at + 0.5, columns.length), plot, surface)),
    where(
      surface,
      "wide",
      element("text", { x: "100%", dx: 8, y: below }, "9 times in 10 no more") + usualName(columns, plot),
    ),
  ].join("");
}

function bar(
  { day, observed }: Column,
  at: number,
  columns: number,
  units: UnitSystem,
  plot: number,
  surface: Surface,
): string {
  const x = percent(at + 0.5, columns);
  const below = plot + plotHeight + 18;
  if (observed) {
    const fell = observed.precipitation === 0 ? "dry" : amountOf(observed.precipitation, units);
    const short = observed.precipitation === 0 ? "dry" : shortest(observed.precipitation, units);
    return element("text", { class: "mid", x, y: below }, words(surface, { narrow: short, middle: fell }));
  }
  if (!day) return "";
  const { chance, p90 } = day.precipitation;
  const height = chance * plotHeight;
  // As a share of the column. With few days, bars are narrower than their columns.
  const width = 0.38 * Math.min(1, columns / 7);
  const amount = amountOf(p90, units);
  const most = { narrow: shortest(p90, units), middle: `≤${amount}`, wide: `up to ${amount}` };
  return [
    element("rect", {
      class: "bar",
      x: percent(at + 0.5 - width / 2, columns),
      width: percent(width, columns),
      y: plot + plotHeight - height,
      height,
      rx: 1.5,
    }),
    element("text", { class: "mid", x, y: below }, words(surface, most)),
  ].join("");
}

/** A chance above its bar, in front of the lines that would cross it. */
function figure({ day }: Column, x: string, plot: number, surface: Surface): string {
  if (!day) return "";
  const { chance } = day.precipitation;
  const text = String(Math.round(chance * 100));
  const y = plot + plotHeight * (1 - chance) - 6;
  const shown = words(surface, { narrow: text, middle: `${text} %` });
  return element("text", { class: "figure mid rain over", x, y }, shown);
}

/** An amount with few digits: whole mm from 1 mm on, hundredths of an inch. */
function numberOf(millimetres: number, units: UnitSystem): string {
  if (units === "us")
    return unitsOf.us.precipitation.fromMetric(millimetres).toFixed(millimetres === 0 ? 0 : 2);
  return millimetres.toFixed(millimetres === 0 || millimetres >= 0.95 ? 0 : 1);
}

/** An amount below 100 in at most three characters. */
function shortest(millimetres: number, units: UnitSystem): string {
  const number = numberOf(millimetres, units);
  if (units === "metric") return number;
  return Number(number) < 1 ? number.replace(/^0\./, ".") : Number(number).toFixed(1);
}

/** An amount with its unit, such as `11 mm` or `0.43 in`. */
export const amountOf = (millimetres: number, units: UnitSystem) =>
  `${numberOf(millimetres, units)} ${unitsOf[units].precipitation.symbol}`;

function usualName(columns: readonly Column[], plot: number): string {
  const chance = columns.at(-1)?.usual?.precipitation.chance;
  if (chance === undefined) return "";
  const y = plot + plotHeight * (1 - chance) + 4;
  return element("text", { x: "100%", dx: 8, y }, "usual for the date");
}
