import { nameOfState, unitsOf, type Forecast } from "@weather/contracts";
import { amountRange, spread } from "../day.ts";
import { figuresIn, percent as chanceOf } from "../figures.ts";
import { columnsOf, type ChartOptions, type Column } from "./chart-data.ts";
import { drawing, type Drawing } from "./drawing.ts";
import { element } from "./element.ts";
import { dayNames, knowledgeStrip, named, percent } from "./frame.ts";
import { rainHeight, rainPanel } from "./rain-panel.ts";
import type { Surface } from "./surface.ts";
import { heightOf, rangeOf, type Panel } from "./panel.ts";
import { plotAt, temperaturePanel } from "./temperature-panel.ts";

/** Height of the higher one of the two plots (highs and lows), in px. */
const plotHeight = 175;
/** Space between two panels, in px. */
const between = 40;

/**
 * A forecast with its uncertainty: fans of highs and of lows in front of the climate, and chances of rain. The caller must leave
 * 36 px on the left for the axes and, in a wide picture, 182 px on the right for words.
 */
export function forecastChart(forecast: Forecast, options: ChartOptions, surface: Surface): Drawing {
  const columns = columnsOf(forecast, options);
  const knows = columns.some(({ usual }) => usual !== undefined);
  const ranges = (["high", "low"] as const).map((of) => rangeOf(of, columns));
  const scale = plotHeight / Math.max(...ranges.map(({ least, most }) => most - least));
  const [highs, lows] = (["high", "low"] as const).map((of, at): Panel => {
    const range = ranges[at] ?? { least: -5, most: 5 };
    return { of, columns, units: options.units, scale, range };
  }) as [Panel, Panel];

  const names = knows ? 46 : 14;
  const first = names + 56;
  const second = first + plotAt + heightOf(highs) + between;
  const third = second + plotAt + heightOf(lows) + between;
  const height = Math.ceil(third + rainHeight);
  const told = { title: titleOf(forecast), description: describe(forecast, columns, options) };
  return drawing(
    surface,
    height,
    told,
    underPointer(columns, names - 18, height, surface),
    knows ? knowledgeStrip(columns, surface) : "",
    dayNames(
      columns.map(({ date }) => date),
      names,
      surface,
    ),
    temperaturePanel(highs, first, surface),
    temperaturePanel(lows, second, surface),
    rainPanel(columns, options.units, third, surface),
  );
}

/** On a page, a column for each day that lights up under the pointer. It lies behind everything else. @param top in px */
function underPointer(columns: readonly Column[], top: number, height: number, { room }: Surface): string {
  if (room !== "any") return "";
  return columns
    .map(({ day }, at) => {
      const x = percent(at, columns.length);
      const width = percent(1, columns.length);
      return day ? element("rect", { class: "day", x, y: top, width, height: height - top }) : "";
    })
    .join("");
}

/** The place of a reply, such as `Columbus John Glenn Intl (KCMH), Ohio`. */
export const placeOf = ({ station, state }: Pick<Forecast, "station" | "state">): string =>
  `${station.name} (${station.id}), ${nameOfState(state)}`;

const titleOf = (forecast: Forecast) =>
  `Highs, lows and rain at ${placeOf(forecast)}, ${named(forecast.days[0]?.date ?? "")} to ${named(forecast.days.at(-1)?.date ?? "")}`;

/** Every figure of the chart as text, for people who cannot see it. */
function describe(
  forecast: Forecast,
  columns: readonly Column[],
  { units, observed, climate }: ChartOptions,
): string {
  const figures = figuresIn(units);
  const { temperature, precipitation } = unitsOf[units];
  const measured = observed
    ? `On ${named(observed.date)}, ${figures.degrees(observed.high)} and ${figures.degrees(observed.low)} ${temperature.symbol} were observed. `
    : "";
  const told = forecast.days.map((day) =>
    [
      `${named(day.date)}: high ${spread(day.high, figures)} ${temperature.symbol}`,
      `low ${spread(day.low, figures)} ${temperature.symbol}`,
      `rain or snow ${chanceOf(day.precipitation.chance)}, ${amountRange(day, figures)} ${precipitation.symbol}`,
    ].join(", "),
  );
  const ranges = "Ranges are 10 to 90 %; of amounts, the mean and what 9 days in 10 do not exceed. ";
  const known = columns.filter(({ day, knowledge }) => day && knowledge >= 0.05).length;
  const usual = climate
    ? `Grey is what is usual for the date; ${known} of ${forecast.days.length} days are known better than that. `
    : "";
  return `${measured}${ranges}${usual}${told.join(". ")}.`;
}
