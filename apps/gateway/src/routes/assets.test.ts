import { expect, it } from "vitest";
import { codingOf } from "./assets.ts";

it.each([
  [undefined, "identity"],
  ["gzip, deflate, br", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br ; q=0.0 , gzip", "gzip"],
  ["br;q=0.5", "br"],
  ["*", "identity"],
])("Accept-Encoding: %s gets %s", (accepted, coding) => {
  expect(codingOf(accepted)).toBe(coding);
});
