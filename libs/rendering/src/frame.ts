import type { Forecast, Risk } from "@weather/contracts";
import { basedOn } from "./based-on.ts";
import { painter } from "./paint.ts";
import type { Screen } from "./table.ts";
import { wrap } from "./width.ts";

/** A table with the place of the answer above it, and the origin of the answer below it. */
export function framed(
  reply: Forecast | Risk,
  body: string,
  milliseconds: number | undefined,
  { width, colour }: Screen,
  legend = "",
): string {
  const { station, nearest, state, server } = reply;
  const paint = painter(colour);
  const from = nearest
    ? `, ${nearest.distance.toFixed(1)} km from ${nearest.latitude}, ${nearest.longitude}`
    : "";
  const place = wrap(`${station.name} (${station.id}), ${state}${from}`, width).map((line) =>
    paint("bold", line),
  );
  const time = milliseconds === undefined ? "" : ` in ${milliseconds.toFixed(1)} ms`;
  const origin = `${legend}${madeFrom(reply)}; ${server}${time}`;
  const notes = [basedOn(reply), origin].filter((text) => text !== undefined);
  return [...place, body, ...notes.map((text) => note(text, { width, colour })), ""].join("\n");
}

function madeFrom({ model }: Forecast | Risk): string {
  const { members, seed, borrowed } = model;
  const name = model.name === "nws" ? `National Weather Service, ${model.updatedAt}` : model.name;
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
