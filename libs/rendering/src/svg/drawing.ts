import { element, escaped } from "./element.ts";
import type { Surface } from "./surface.ts";

/** A drawing of a known height, in px, as wide as its container. */
export interface Drawing {
  readonly height: number;
  /** The SVG element, with `role="img"`, a title and a description. */
  readonly markup: string;
}

/** @param told title and description as plain text, for people who cannot see the drawing */
export function drawing(
  { id }: Surface,
  height: number,
  told: { readonly title: string; readonly description: string },
  ...content: readonly string[]
): Drawing {
  const markup = element(
    "svg",
    {
      class: "chart",
      width: "100%",
      height,
      overflow: "visible",
      role: "img",
      "aria-labelledby": `${id}-title ${id}-description`,
    },
    element("title", { id: `${id}-title` }, escaped(told.title)),
    element("desc", { id: `${id}-description` }, escaped(told.description)),
    ...content,
  );
  return { height, markup };
}
