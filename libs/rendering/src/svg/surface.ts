import { element, escaped } from "./element.ts";
import type { Colour } from "./tokens.ts";

/**
 * Width of a picture: below 760 px, from 760, or from 1,280 px. `any` is for a page: the picture has the words for each width, and
 * the page's style shows some of them.
 */
type Room = "narrow" | "middle" | "wide" | "any";

export const roomFor = (width: number): Exclude<Room, "any"> =>
  width < 760 ? "narrow" : width < 1280 ? "middle" : "wide";

/** Where a picture is drawn. */
export interface Surface {
  readonly room: Room;
  readonly colour: Colour;
  /** Prefix of the ids in the picture. It must be unique on the page. */
  readonly id: string;
}

/** Words for each width. `middle` defaults to `narrow`, and `wide` to `middle`. */
interface Words {
  readonly narrow: string;
  readonly middle?: string;
  readonly wide?: string;
}

/** Content of a `text` element: the words for this width, or those for all widths, each with the class that shows it. */
export function words({ room }: Surface, { narrow, middle = narrow, wide = middle }: Words): string {
  if (room !== "any") return escaped({ narrow, middle, wide }[room]);
  if (narrow === middle && middle === wide) return escaped(narrow);
  const shown = (text: string, name: string) =>
    text === "" ? "" : element("tspan", { class: name }, escaped(text));
  if (middle === wide) return shown(narrow, "narrow") + shown(middle, "roomy");
  return shown(narrow, "narrow") + shown(middle, "middle") + shown(wide, "wide");
}

/** Markup that differs in a narrow picture. */
export function byRoom({ room }: Surface, narrow: string, roomy: string): string {
  if (room === "any")
    return element("g", { class: "narrow" }, narrow) + element("g", { class: "roomy" }, roomy);
  return room === "narrow" ? narrow : roomy;
}

/** Markup for pictures of at least this width. */
export function where({ room }: Surface, least: "middle" | "wide", markup: string): string {
  if (room === "any") return element("g", { class: least === "middle" ? "roomy" : "wide" }, markup);
  return room === "wide" || room === least ? markup : "";
}
