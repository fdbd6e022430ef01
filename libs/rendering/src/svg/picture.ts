import type { Forecast } from "@weather/contracts";
import { wrap } from "../width.ts";
import type { ChartOptions } from "./chart-data.ts";
import { element, escaped } from "./element.ts";
import { forecastChart, placeOf } from "./forecast-chart.ts";
import { chartStyle } from "./style.ts";
import { roomFor } from "./surface.ts";
import { ofTheme, type Theme } from "./tokens.ts";

interface PictureOptions extends ChartOptions {
  /** @default "light" */
  readonly theme?: Theme;
  /** Width in px, 320 to 2000. @default 960 */
  readonly width?: number;
}

/** Space left of the chart for its axes, and right of it for its words, in px. */
const margins = { narrow: [44, 8], middle: [52, 16], wide: [52, 190] } as const;

/**
 * A forecast as a complete SVG file with its own style and colours. Shown at its own size, its text has at least 12 px.
 *
 * @throws {RangeError} if the width is below 320 or above 2000 px
 */
export function forecastPicture(
  forecast: Forecast,
  { theme = "light", width = 960, ...options }: PictureOptions,
): string {
  if (!(width >= 320 && width <= 2_000))
    throw new RangeError(`expected a width from 320 to 2000 px, got ${width}`);
  const colour = ofTheme(theme);
  const room = roomFor(width);
  const { height, markup } = forecastChart(forecast, options, { room, colour, id: "forecast" });
  const [gutter, right] = margins[room];
  // 11 px is a generous width of a letter, so that no font cuts the text off.
  const place = wrap(placeOf(forecast), Math.floor((width - 32) / 11));
  const note = wrap(footOf(forecast, options), Math.floor((width - 32) / 7));
  const [head, foot] = [34 + 22 * place.length, 24 + 16 * note.length];
  return element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height: head + height + foot },
    element("style", {}, chartStyle(colour) + (room === "narrow" ? "" : ".chart .figure{font-size:18px}")),
    element("rect", { width: "100%", height: "100%", fill: colour("paper") }),
    lines(place, "place", gutter - 36, 32, 22),
    element(
      "svg",
      { x: gutter, y: head, width: width - gutter - right, height, overflow: "visible" },
      markup,
    ),
    lines(note, "", gutter - 36, head + height + 22, 16),
  );
}

/** Lines of text, the first at `y`. */
const lines = (texts: readonly string[], name: string, x: number, y: number, leading: number) =>
  element(
    "g",
    { class: "chart" },
    ...texts.map((text, at) =>
      element("text", { class: name || undefined, x, y: y + leading * at }, escaped(text)),
    ),
  );

function footOf(forecast: Forecast, { climate }: ChartOptions): string {
  const inner = forecast.days.every(({ high }) => high.p25 !== undefined)
    ? "Dark band: 25–75 %, light: 10–90 %."
    : "Band: 10–90 %.";
  const usual = climate ? " Grey, dashed: usual for the date." : "";
  return `${inner}${usual}${forecast.model.name === "nws" ? " From the National Weather Service." : ""}`;
}
