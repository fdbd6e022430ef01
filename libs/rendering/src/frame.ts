import type { Forecast, Risk } from "@weather/contracts";
import { painter } from "./paint.ts";
import type { Screen } from "./table.ts";
import { wrap } from "./width.ts";

/** What one answer is shown with: its place above, its origin below. */
export function framed(
  { station, state, server, model }: Forecast | Risk,
  body: string,
  milliseconds: number,
  { width, colour }: Screen,
  legend = "",
): string {
  const paint = painter(colour);
  const made = model.name === "nws" ? `National Weather Service, ${model.updatedAt}` : ensembleName(model);
  const place = wrap(`${station.name} (${station.id}), ${state}`, width).map((line) => paint("bold", line));
  const origin = `${legend}${made}; ${server} in ${milliseconds.toFixed(1)} ms`;
  return [...place, body, note(origin, { width, colour }), ""].join("\n");
}

function ensembleName({ name, members, seed, borrowed }: Risk["model"]): string {
  const whose = borrowed === undefined ? "" : ` with the climate of ${borrowed}`;
  return `${name}${whose}, ${members} members, seed ${seed}`;
}

/** A sentence below a table, in lines that fit. */
export function note(text: string, { width, colour }: Screen): string {
  const paint = painter(colour);
  return wrap(text, width)
    .map((line) => paint("dim", line))
    .join("\n");
}
