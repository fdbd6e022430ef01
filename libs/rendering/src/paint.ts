import picocolors from "picocolors";
import { clean } from "./clean.ts";

export type Style = "plain" | "bold" | "dim" | "red" | "blue" | "cyan";

/** Gives a text its style, after it is cleaned: what is painted is safe on a terminal. */
export type Paint = (style: Style, text: string) => string;

export function painter(colour: boolean): Paint {
  const colours = picocolors.createColors(colour);
  return (style, text) => (style === "plain" ? clean(text) : colours[style](clean(text)));
}
