import picocolors from "picocolors";
import { clean } from "./clean.ts";

export type Style = "plain" | "bold" | "dim" | "red" | "blue" | "cyan";

/** Removes unsafe characters from a text, and gives it a style for a terminal. */
export type Paint = (style: Style, text: string) => string;

export function painter(colour: boolean): Paint {
  const colours = picocolors.createColors(colour);
  return (style, text) => (style === "plain" ? clean(text) : colours[style](clean(text)));
}
