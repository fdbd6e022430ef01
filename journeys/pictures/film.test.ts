import { expect, test } from "vitest";
import { film } from "./film.ts";

const row = (text: string) => [{ column: 0, text, look: "" }];

test("a film shows each change once, at its time, and writes each row once", () => {
  const frames = [
    { at: 100, rows: [row("$ weather states"), []] },
    { at: 1_100, rows: [row("$ weather states"), row("ohio <2>")] },
    { at: 1_200, rows: [row("$ weather states"), row("ohio <2>")] },
    { at: 3_100, rows: [row("$ weather states"), row("ohio <1>")] },
  ];
  const svg = film(frames, 40, 2, "A terminal");
  expect(svg.match(/<text /g)?.length).toBe(3);
  expect(svg).toContain("ohio &lt;2>");
  // Three frames in 3 s, and the last one stays for 4 s.
  expect(svg).toContain("animation:film 7.0s");
  expect([...svg.matchAll(/([\d.]+)%\{transform/g)].map(([, percent]) => Number(percent))).toEqual([
    0, 14.286, 42.857,
  ]);
});
