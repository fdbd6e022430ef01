import { unitsOf } from "@weather/contracts";
import { element, rounded } from "./element.ts";
import { yOf, type Panel } from "./panel.ts";

/** Lines at round values of the reader's unit, with the labels left of the plot. @param top of the plot, in px */
export function axis(panel: Panel, top: number): { lines: string; labels: string } {
  const { range, units, scale, columns } = panel;
  const { fromMetric, toMetric } = unitsOf[units].temperature;
  const perUnit = scale * (toMetric(1) - toMetric(0));
  const step = [2, 5, 10, 20, 50].find((step) => step * perUnit >= 30) ?? 100;
  const first = Math.ceil(fromMetric(range.least) / step) * step;
  const ticks: number[] = [];
  for (let tick = first; tick <= fromMetric(range.most); tick += step) ticks.push(tick);
  const line = (celsius: number, name: string) =>
    element("path", {
      class: `${name} line`,
      d: `M0 ${rounded(yOf(panel, celsius))}H${columns.length * 100}`,
    });
  const labels = ticks.map((tick) => {
    const y = top + yOf(panel, toMetric(tick)) + 4;
    return element("text", { class: "end", x: 0, dx: -7, y }, `${tick < 0 ? "−" : ""}${Math.abs(tick)}°`);
  });
  return { lines: ticks.map((tick) => line(toMetric(tick), "grid")).join(""), labels: labels.join("") };
}

/** A line at the freezing point. Empty if that is out of the range. */
export function freezing(panel: Panel): string {
  const { least, most } = panel.range;
  if (least > 0 || most < 0) return "";
  const d = `M0 ${rounded(yOf(panel, 0))}H${panel.columns.length * 100}`;
  return element("path", { class: "grid zero line", d });
}
