import { element, escaped } from "./element.ts";
import type { Colour } from "./tokens.ts";

/**
 * How wide a picture is: under 760 px, from 760, or from 1,280 px. `any` is for a page: it holds the words for each,
 * and the page's style chooses.
 */
export type Room = "narrow" | "middle" | "wide" | "any";

export const roomFor = (width: number): Exclude<Room, "any"> =>
  width < 760 ? "narrow" : width < 1280 ? "middle" : "wide";

/** What a picture is drawn on. */
export interface Surface {
  readonly room: Room;
  readonly colour: Colour;
  /** Begins the ids of the picture: they must differ from all others on the page. */
  readonly id: string;
}

/** Words by room; `middle` and `wide` default to those of the narrower one. */
export interface Words {
  readonly narrow: string;
  readonly middle?: string;
  readonly wide?: string;
}

/** Words as they may stand in a `text` element: those for this room, or all of them with the class that shows one. */
export function words({ room }: Surface, { narrow, middle = narrow, wide = middle }: Words): string {
  if (room !== "any") return escaped({ narrow, middle, wide }[room]);
  if (narrow === middle && middle === wide) return escaped(narrow);
  const shown = (text: string, name: string) =>
    text === "" ? "" : element("tspan", { class: name }, escaped(text));
  if (middle === wide) return shown(narrow, "narrow") + shown(middle, "roomy");
  return shown(narrow, "narrow") + shown(middle, "middle") + shown(wide, "wide");
}

/** Markup that differs where it is narrow. */
export function byRoom({ room }: Surface, narrow: string, roomy: string): string {
  if (room === "any")
    return element("g", { class: "narrow" }, narrow) + element("g", { class: "roomy" }, roomy);
  return room === "narrow" ? narrow : roomy;
}

/** Markup that only some rooms have place for. */
export function where({ room }: Surface, least: "middle" | "wide", markup: string): string {
  if (room === "any") return element("g", { class: least === "middle" ? "roomy" : "wide" }, markup);
  return room === "wide" || room === least ? markup : "";
}
