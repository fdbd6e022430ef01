import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clean, jsonLine } from "./clean.ts";

describe("text from the wire", () => {
  it.each([
    ["an escape sequence", "\u001b[2J\u001b]0;title\u0007"],
    ["the same as one C1 control", "\u009b2J"],
    ["a line of its own", "ohio\r\nweather: all is well"],
    ["a backspace and a tab", "a\u0008\tb"],
    ["an override of direction", "\u202etxt.exe"],
    ["an isolate", "\u2066abc\u2069"],
    ["a mark of direction", "a\u200eb\u200fc\u061c"],
    ["a line separator", "a\u2028b\u2029c"],
    ["what nobody sees", "a\u200bb\ufeffc\u00add\u2060e\u{e0041}f"],
    ["half a character", "a\ud800b\udc00"],
  ])("loses %s", (_, text) => {
    const safe = clean(text);
    expect(safe).toContain("\ufffd");
    expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  it("keeps what people write: accents, degrees, dashes, other scripts, emoji", () => {
    const text = "Zürich 5 °C – 10–90 % 東京 ☂ 🌧 naïve";
    expect(clean(text)).toBe(text);
  });
});

describe("a line of JSON", () => {
  it("is valid JSON, and contains nothing that controls a terminal", () => {
    const units = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    });
    fc.assert(
      fc.property(fc.dictionary(units, units), (value) => {
        const line = jsonLine(value);
        expect(JSON.parse(line)).toEqual(value);
        expect(line).toBe(clean(line));
      }),
    );
    expect(jsonLine({ server: "\u009b2J\u{e0041}" })).toBe('{"server":"\\u009b2J\\udb40\\udc41"}');
  });
});
