import stringWidth from "string-width";

/** Width of a text, in columns of a terminal. */
export const widthOf = (text: string): number =>
  // Most texts have only these characters, each of width 1. `stringWidth` takes fifty times as long.
  /^[\x20-\x7e°–…░█▁-▇≈]*$/.test(text) ? text.length : stringWidth(text);

/** The text, or its beginning and an ellipsis if it is too long. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let taken = 0;
  for (const character of text) {
    taken += widthOf(character);
    if (taken > width - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Longest text that is wrapped, in characters. The rest is not shown, because text from others may be very long. */
const longest = 2_000;

/** The text in lines that fit, broken between words; a word that is too long is cut in pieces. */
export function wrap(text: string, width: number): string[] {
  if (width === Infinity) return [text];
  const lines: string[] = [];
  let line = "";
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  for (let word of shown.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line.trim() !== "") lines.push(line.trimEnd());
    for (; widthOf(word) > width; word = word.slice(pieceOf(word, width).length))
      lines.push(pieceOf(word, width));
    line = word;
  }
  return [...lines, line];
}

/** The beginning of a word that fits, at least one character. */
function pieceOf(word: string, width: number): string {
  let piece = "";
  for (const character of word) {
    if (piece !== "" && widthOf(piece + character) > width) break;
    piece += character;
  }
  return piece;
}
