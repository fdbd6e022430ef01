import { tokens } from "@weather/rendering";
import type { Frame, Run } from "./recording.ts";

/** px. */
const [letter, line, margin] = [8.2, 18, 14];
/** How long the last frame stays, in ms. */
const pause = 4_000;
const dark = (token: keyof typeof tokens) => tokens[token][1];

/** A recording of a terminal as an SVG that moves by itself; with reduced motion, it is its last frame. */
export function film(frames: readonly Frame[], columns: number, rows: number, name: string): string {
  const shown = frames.filter((frame, at) => at === 0 || textOf(frame) !== textOf(frames[at - 1]));
  const start = shown[0]?.at ?? 0;
  const length = (shown.at(-1)?.at ?? 0) - start + pause;
  const [width, height] = [Math.ceil(columns * letter + 2 * margin), rows * line + 2 * margin];
  const percent = (ms: number) => Math.round((ms / length) * 100_000) / 1_000;
  const steps = shown.map(
    ({ at }, index) => `${percent(at - start)}%{transform:translateY(-${index * height}px)}`,
  );
  // Most rows do not change from frame to frame: each is written once.
  const ids = new Map<string, string>();
  const used = ({ rows }: Frame) =>
    rows.map((runs, row) => {
      const markup = runs.map(textElement).join("");
      if (markup === "") return "";
      if (!ids.has(markup)) ids.set(markup, `r${ids.size}`);
      return `<use href="#${ids.get(markup)}" y="${row * line}"/>`;
    });
  const strip = shown.map(
    (frame, at) => `<g transform="translate(0 ${at * height})">${used(frame).join("")}</g>`,
  );
  const definitions = [...ids].map(([markup, id]) => `<g id="${id}">${markup}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="name">
<title id="name">${name}</title>
<style>
text{font:13.5px/1 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${dark("ink")};white-space:pre}
.bold{font-weight:700}.dim{fill:${dark("ink-2")}}.red{fill:${dark("bad")}}.blue{fill:${dark("cold")}}.cyan{fill:${dark("rain")}}
.strip{transform:translateY(-${(shown.length - 1) * height}px)}
@media (prefers-reduced-motion:no-preference){.strip{animation:film ${(length / 1_000).toFixed(1)}s step-end infinite}}
@keyframes film{${steps.join("")}}
</style>
<defs>${definitions.join("\n")}<clipPath id="window"><rect width="${width}" height="${height}" rx="8"/></clipPath></defs>
<g clip-path="url(#window)"><rect width="${width}" height="${height}" fill="${dark("paper")}"/>
<g class="strip">${strip.join("\n")}</g></g>
</svg>
`;
}

const textOf = (frame: Frame | undefined) => JSON.stringify(frame?.rows);

function textElement({ column, text, look }: Run): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  // The text length keeps columns aligned in any font.
  const width = Math.round([...text].length * letter * 10) / 10;
  const x = Math.round((margin + column * letter) * 10) / 10;
  return `<text x="${x}" y="${margin + 13}" textLength="${width}"${look && ` class="${look}"`}>${escaped}</text>`;
}
