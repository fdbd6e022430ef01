import type { Column } from "./chart-data.ts";
import { weekday } from "../day.ts";
import { element, escaped, rounded } from "./element.ts";
import { knownDays } from "./knowledge.ts";
import { words, type Surface } from "./surface.ts";

// x is in percent of the drawing's width, y in px, so that text never scales. Only paths are stretched: each is in a drawing
// of its own, 100 units wide for each column.

/** A drawing that is stretched to the whole width. */
export const stretched = (columns: number, y: number, height: number, ...paths: readonly string[]): string =>
  element(
    "svg",
    {
      ...{ x: 0, y, width: "100%", height },
      ...{ viewBox: `0 0 ${columns * 100} ${rounded(height)}`, preserveAspectRatio: "none" },
    },
    ...paths,
  );

/** What is usual for the date, as a dashed line. @param heights of the columns' parts of it, in px from `y` */
export function usualLine(heights: readonly (number | undefined)[], y: number, height: number): string {
  const d = heights.map((at, column) => (at === undefined ? "" : `M${column * 100} ${rounded(at)}h100`));
  if (d.join("") === "") return "";
  return stretched(heights.length, y, height, element("path", { class: "usual-edge line", d: d.join("") }));
}

/** The x of a column. @param at number of the column, from 0; its middle is half a column further */
export const percent = (at: number, columns: number): string =>
  `${Math.round((at / columns) * 10_000) / 100}%`;

const part = (date: string, options: Intl.DateTimeFormatOptions) =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { timeZone: "UTC", ...options });
const dayOf = (date: string) => part(date, { day: "numeric" });
const monthOf = (date: string) => part(date, { month: "short" });

/** A date such as `Thu 26 Nov`. */
export const named = (date: string): string => `${weekday(date)} ${dayOf(date)} ${monthOf(date)}`;

/** Names of the days above their columns. @param y of the names */
export function dayNames(dates: readonly string[], y: number, surface: Surface): string {
  return dates
    .map((date, at) => {
      const x = percent(at + 0.5, dates.length);
      const name = words(surface, { narrow: weekday(date).slice(0, 2), middle: weekday(date) });
      const day = words(surface, { narrow: dayOf(date), middle: `${dayOf(date)} ${monthOf(date)}` });
      return (
        element("text", { class: "strong mid", x, y }, name) +
        element("text", { class: "mid", x, y: y + 16 }, day)
      );
    })
    .join("");
}

/** A strip above the days: solid while the forecast knows more than the climate, then dashed. */
export function knowledgeStrip(columns: readonly Column[], surface: Surface): string {
  const first = columns.findIndex(({ day }) => day !== undefined);
  const known = knownDays(columns.slice(first).map(({ knowledge }) => knowledge));
  const [start, change, end] = [first, first + known, columns.length].map((at) =>
    percent(at, columns.length),
  );
  const label = (x: string | undefined, name: string | undefined, text: string) =>
    element("text", { class: name, x, dx: 4, y: 11 }, text);
  const line = (name: string, x1: string | undefined, x2: string | undefined) =>
    element("line", { class: name, x1, x2, y1: 20, y2: 20 });
  const source = columns[0]?.observed ? "Known from observations" : "Known";
  const ofKnown = words(surface, { narrow: known > 1 ? "known" : "", middle: known > 2 ? source : "Known" });
  const rest = "No more is known than what is usual for the date";
  const ofRest = words(surface, {
    narrow: columns.length - first - known > 3 ? "usual for the date" : "usual",
    middle: columns.length - first - known > 4 ? rest : "Usual for the date",
  });
  return [
    known > 0 ? label(start, "strong", ofKnown) + line("known", start, change) : "",
    first + known < columns.length ? label(change, undefined, ofRest) + line("unknown", change, end) : "",
  ].join("");
}

/** The first column that the forecast knows no better than the climate does. Nothing if there is none, or no climate. */
function changeAt(columns: readonly Column[]): number | undefined {
  const first = columns.findIndex(({ day }) => day !== undefined);
  if (columns[first]?.usual === undefined) return undefined;
  const change = first + knownDays(columns.slice(first).map(({ knowledge }) => knowledge));
  return change > first && change < columns.length ? change : undefined;
}

/** The heading of a panel: a question, and the quantity that the panel shows. @param y y of the text */
export const question = (text: string, shows: string, y: number): string =>
  element("text", { class: "question", x: 0, dx: -36, y }, escaped(text)) +
  element("text", { x: 0, dx: -36, y: y + 17 }, shows);

/** The background of a panel: the observed day, and the end of the knowledge. */
export function ground(columns: readonly Column[], y: number, height: number): string {
  const change = changeAt(columns);
  const x = change === undefined ? undefined : percent(change, columns.length);
  return [
    columns[0]?.observed
      ? element("rect", { class: "past", x: 0, y, width: percent(1, columns.length), height })
      : "",
    x === undefined ? "" : element("line", { class: "now", x1: x, x2: x, y1: y, y2: y + height }),
  ].join("");
}
