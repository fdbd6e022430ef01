/**
 * What a stranger's text could write all over a terminal with, or make it read as something else: C0 and C1 controls
 * (escape sequences begin with one), line and paragraph separators, marks and overrides of direction (Unicode TR 9,
 * "Trojan Source", CVE-2021-42574), invisible characters, and halves of surrogate pairs.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** One line of text that is safe on a terminal: each unsafe character is `�`. All text that is not ours passes here. */
export const clean = (text: string): string => text.replace(unsafe, "\ufffd");

/** A value as JSON on one line that is safe on a terminal, too: unsafe characters are written as `\u…`. */
export function jsonLine(value: unknown): string {
  // Every one of them stands in a string, where JSON allows any character to be written so.
  return JSON.stringify(value).replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(""),
  );
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;
