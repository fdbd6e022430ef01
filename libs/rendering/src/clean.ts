/**
 * Characters with which a stranger's text could control a terminal, or look like another text: C0 and C1 controls (escape
 * sequences begin with one), line and paragraph separators, marks and overrides of direction (Unicode TR 9,
 * "Trojan Source", CVE-2021-42574), invisible characters, and halves of surrogate pairs.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** One line of text that is safe on a terminal: each unsafe character becomes `�`. All text from others goes through it. */
export const clean = (text: string): string => text.replace(unsafe, "\ufffd");

/** A value as JSON on one line that is safe on a terminal, too: unsafe characters are written as `\u…`. */
export function jsonLine(value: unknown): string {
  // Unsafe characters occur only in strings, where JSON allows this form for any character.
  return JSON.stringify(value).replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(""),
  );
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;
