import { clean } from "../clean.ts";

type Attributes = Record<string, string | number | undefined>;

/** An element of SVG. Its children are markup: text goes through {@link escaped} first. */
export function element(name: string, attributes: Attributes = {}, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : escaped(value ?? "")}"`);
  const content = children.join("");
  return content === ""
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${content}</${name}>`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it may stand in markup, in an element or an attribute. */
export const escaped = (text: string): string =>
  clean(text).replace(/[&<>"]/g, (sign) => entities[sign] ?? "");

/** A number rounded to hundredths. More digits are not visible. */
export const rounded = (value: number): string => String(Math.round(value * 100) / 100 + 0);
