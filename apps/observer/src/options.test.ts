import { expect, it } from "vitest";
import { sourceFrom } from "./options.ts";

it("files are replayed from a day on, at a speed", () => {
  const words = ["--source", "a.csv", "--source", "b.csv", "--from", "2024-01-15", "--speed", "2d/s"];
  expect(sourceFrom(words)).toEqual({
    kind: "files",
    files: ["a.csv", "b.csv"],
    from: "2024-01-15",
    interval: 500,
  });
  expect(sourceFrom(["--source", "a.csv"])).toEqual({ kind: "files", files: ["a.csv"], interval: 0 });
  expect(sourceFrom(["--source", "nws"])).toEqual({ kind: "nws" });
});

it.each([
  [[], "expected --source nws"],
  [["--sauce", "nws"], "--sauce"],
  [["--source", "nws", "--speed", "1d/s"], "goes alone"],
  [["--source", "a.csv", "--from", "2024-02-30"], "--from: expected a date"],
  [["--source", "a.csv", "--speed", "fast"], "--speed: expected days a second"],
  [["--source", "a.csv", "--speed", "0d/s"], "--speed: expected days a second"],
])("%j is refused with what to write instead", (words, message) => {
  expect(() => sourceFrom(words)).toThrow(message);
});
