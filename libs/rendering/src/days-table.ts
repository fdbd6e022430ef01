import type { Day, Forecast, UnitSystem } from "@weather/contracts";
import { amountRange, shortDay, shortSpread, spread, weekday } from "./day.ts";
import { figuresIn, percent } from "./figures.ts";
import { framed } from "./frame.ts";
import { rangeBar, scaleOf } from "./range-bar.ts";
import { columnsFor, table, type Column, type Layout, type Screen } from "./table.ts";

/** A table with a row for each day of a forecast. @param milliseconds time until the answer came */
export function daysTable(
  forecast: Forecast,
  milliseconds: number | undefined,
  units: UnitSystem,
  screen: Screen,
): string {
  const body = table(forecast.days, layoutsOf(forecast, units), screen);
  const ranges = !body.includes("10–90 %") ? "Ranges are 10–90 %. " : "";
  return framed(forecast, body, milliseconds, screen, ranges);
}

function layoutsOf(forecast: Forecast, units: UnitSystem): [Layout<Day>, ...Layout<Day>[]] {
  const { text, figure } = columnsFor<Day>();
  const figures = figuresIn(units);
  const range = " (10–90 %)";
  const scale = scaleOf(forecast.days);
  const summary = text("Summary", ({ summary }) => summary);
  const shrinking: Column<Day> = { ...summary, least: 18, long: "wrap" };
  const day = text("Day", ({ date }) => shortDay(date));
  const chance = figure("Precip.", ({ precipitation }) => percent(precipitation.chance), { style: "cyan" });
  const mean = figure(figures.precipitation, ({ precipitation }) => figures.amount(precipitation.mean));
  const amounts = figure(`Mean (90 %) ${figures.precipitation}`, (day) => amountRange(day, figures));
  const low = (name: string, shown: typeof spread) =>
    figure(`Low ${figures.temperature}${name}`, (day) => shown(day.low, figures), { style: "blue" });
  const high = (name: string, shown: typeof spread) =>
    figure(`High ${figures.temperature}${name}`, (day) => shown(day.high, figures), { style: "red" });
  const bar = (width: number) => text("Range", (day) => rangeBar(day, scale, width));
  return [
    {
      columns: [
        text("", ({ date }) => weekday(date)),
        text("Date", ({ date }) => date),
        summary,
        low(range, spread),
        bar(20),
        high(range, spread),
        chance,
        amounts,
      ],
    },
    // 120 columns
    {
      columns: [
        day,
        { ...shrinking, least: 24 },
        low("", shortSpread),
        bar(16),
        high("", shortSpread),
        chance,
        amounts,
      ],
    },
    // 80 columns
    { columns: [day, shrinking, low("", shortSpread), high("", shortSpread), chance, mean] },
    // 60 columns
    {
      columns: [day, low("", shortSpread), high("", shortSpread), chance],
      below: ({ summary }) => [summary],
    },
  ];
}
