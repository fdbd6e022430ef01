import type { Day, Forecast, UnitSystem } from "@weather/contracts";
import { amountRange, shortDay, shortSpread, spread, weekday } from "./day.ts";
import { figuresIn, percent } from "./figures.ts";
import { framed } from "./frame.ts";
import { rangeBar, scaleOf } from "./range-bar.ts";
import { table, type Column, type Layout, type Screen } from "./table.ts";

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
  const figures = figuresIn(units);
  const range = " (10–90 %)";
  const scale = scaleOf(forecast.days);
  const summary = { name: "Summary", text: ({ summary }: Day) => summary } satisfies Column<Day>;
  const day: Column<Day> = { name: "Day", text: ({ date }) => shortDay(date) };
  const chance: Column<Day> = {
    name: "Precip.",
    align: "right",
    style: "cyan",
    text: ({ precipitation }) => percent(precipitation.chance),
  };
  const mean: Column<Day> = {
    name: figures.precipitation,
    align: "right",
    text: ({ precipitation }) => figures.amount(precipitation.mean),
  };
  const amounts: Column<Day> = {
    name: `Mean (90 %) ${figures.precipitation}`,
    align: "right",
    text: (day) => amountRange(day, figures),
  };
  const low = (name: string, text: typeof spread): Column<Day> => ({
    name: `Low ${figures.temperature}${name}`,
    align: "right",
    style: "blue",
    text: (day) => text(day.low, figures),
  });
  const high = (name: string, text: typeof spread): Column<Day> => ({
    name: `High ${figures.temperature}${name}`,
    align: "right",
    style: "red",
    text: (day) => text(day.high, figures),
  });
  const bar = (width: number): Column<Day> => ({
    name: "Range",
    text: (day) => rangeBar(day, scale, width),
  });
  const shrinking: Column<Day> = { ...summary, least: 18, long: "wrap" };
  return [
    {
      columns: [
        { name: "", text: ({ date }) => weekday(date) },
        { name: "Date", text: ({ date }) => date },
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
