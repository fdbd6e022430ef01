import { element, rounded } from "./element.ts";
import { degrees, heightOf, yOf, type Panel, type Percentile } from "./panel.ts";

const texts: Record<Panel["of"], Partial<Record<Percentile, string>>> = {
  high: { p90: "1 day in 10 is warmer", p50: "half are in between", p10: "1 day in 10 is colder" },
  low: { p90: "1 night in 10 is milder", p50: "half are in between", p10: "1 night in 10 is colder" },
};

/** Least distance of two lines of text, in px. */
const leading = 14;

/** Labels at the right end of the fan that say in words what each band means. @param top y of the plot, in px */
export function endLabels(panel: Panel, top: number): string {
  const spread = panel.columns.at(-1)?.day?.[panel.of];
  if (!spread) return "";
  const shown = (["p90", "p75", "p50", "p25", "p10"] as const).flatMap((percentile) => {
    const value = spread[percentile];
    return value === undefined ? [] : [{ percentile, value, y: yOf(panel, value) }];
  });
  const places = apart(
    shown.map(({ y }) => y),
    heightOf(panel),
  );
  const [upper, lower] = [spread.p75, spread.p25].map((value) => value !== undefined && yOf(panel, value));
  const ticks = shown.filter(({ percentile }) => !["p25", "p75"].includes(percentile));
  const bracket =
    typeof upper === "number" && typeof lower === "number"
      ? `M6 ${rounded(upper)}h5V${rounded(lower)}h-5`
      : "";
  return element(
    "svg",
    { x: "100%", y: top, width: 1, height: heightOf(panel), overflow: "visible" },
    element("path", { class: "bracket", d: ticks.map(({ y }) => `M4 ${rounded(y)}h12`).join("") + bracket }),
    ...shown.map(({ percentile, value }, at) =>
      element(
        "text",
        { x: 22, y: (places[at] ?? 0) + 4 },
        element("tspan", { class: "strong" }, `${degrees(value, panel.units)}°`),
        ` ${texts[panel.of][percentile] ?? ""}`,
      ),
    ),
  );
}

/** Positions near the wanted ones, in the same order, at least a line of text apart. */
function apart(wanted: readonly number[], height: number): number[] {
  const places = [...wanted];
  for (let at = 1; at < places.length; at++)
    places[at] = Math.max(places[at] ?? 0, (places[at - 1] ?? 0) + leading);
  let limit = height;
  for (let at = places.length - 1; at >= 0; at--) {
    places[at] = Math.min(places[at] ?? 0, limit);
    limit = (places[at] ?? 0) - leading;
  }
  return places;
}
