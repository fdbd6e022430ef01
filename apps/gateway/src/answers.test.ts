import { dateIn, forecastFrom, type Reply } from "@weather/contracts";
import { connect } from "@weather/queue-binding";
import { test, until } from "@weather/testing/vitest";
import { describe, expect } from "vitest";
import { Answers } from "./answers.ts";
import { OpenQuestions } from "./open-questions.ts";

const ohio = forecastFrom("ohio");

describe("the same question", () => {
  test("is a new message for callers that ask after the first one has cancelled it", async ({
    vhost,
    afterwards,
  }) => {
    const broker = await connect(vhost.url, { name: "gateway" });
    afterwards(() => broker.drain());
    let begun = 0;
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const refusal: Reply = {
      outcome: "refused",
      state: "ohio",
      server: "slow",
      reason: "failed",
      message: "slow",
      details: [],
    };
    const slow = async () => {
      begun += 1;
      await finished;
      return refusal;
    };
    await broker.answer(ohio, slow, { refuse: () => refusal });
    const open = new OpenQuestions(2);
    const hasRoom = () => {
      try {
        open.begin(["ohio"])();
        return true;
      } catch {
        return false;
      }
    };
    const answers = new Answers(() => broker, { deadline: 20_000, open, entries: 0 });
    const signal = new AbortController().signal;

    const leave = new AbortController();
    const first = answers.to("ohio", { seed: 7 }, leave.signal);
    leave.abort(new Error("gone"));
    const second = answers.to("ohio", { seed: 7 }, signal);
    await expect(first).rejects.toThrow("gone");
    await until("the first is given up", hasRoom);
    const third = answers.to("ohio", { seed: 7 }, signal);
    // It names the day that a question without a start means.
    const today = answers.to("ohio", { seed: 7, start: dateIn("ohio", new Date()), days: 5 }, signal);
    expect(hasRoom()).toBe(true);
    await until("it is asked", () => begun > 0);
    finish();
    await expect(Promise.allSettled([second, third, today])).resolves.toMatchObject([
      { status: "rejected", reason: { message: "slow" } },
      { status: "rejected", reason: { message: "slow" } },
      { status: "rejected", reason: { message: "slow" } },
    ]);
  });
});
