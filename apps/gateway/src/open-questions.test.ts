import { expect, it } from "vitest";
import { OpenQuestions } from "./open-questions.ts";

it("a farm that does not answer takes no place from another one", () => {
  const open = new OpenQuestions(2);
  const end = open.begin(["ohio"]);
  open.begin(["ohio"]);
  expect(() => open.begin(["ohio"])).toThrow("2 requests wait for the farm of ohio already");
  open.begin(["virginia"]);
  end();
  open.begin(["ohio"]);
});

it("of a list that is beyond the bound for one state nothing is counted", () => {
  const open = new OpenQuestions(2);
  expect(() => open.begin(["virginia", "ohio", "ohio", "ohio"])).toThrow(
    "0 requests wait for the farm of ohio",
  );
  open.begin(["virginia", "ohio", "ohio"])();
  open.begin(["virginia", "virginia", "ohio", "ohio"]);
});
