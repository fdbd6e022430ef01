import { request, strictReply, type Reply } from "@weather/contracts";
import { forecaster } from "@weather/forecast-model";
import { exampleClimate } from "@weather/forecast-model/example";
import { describe, expect, it } from "vitest";
import type { Live } from "./answering.ts";
import { NoLiveForecast, type LiveForecast } from "./live-forecast.ts";
import { processRequest } from "./process-request.ts";

const updatedAt = "2026-11-23T20:05:00.000Z";
const dates = ["2026-11-23", "2026-11-24", "2026-11-25"];
/** Far warmer than the climate, which has lows near 2 °C then. */
const live: LiveForecast = {
  updatedAt,
  days: dates.map((date, day) => ({
    date,
    low: { value: 12, lead: 12 + 24 * day },
    high: { value: 21, lead: 24 + 24 * day },
    precipitation: { chance: 0.3, amount: 1 },
    summary: "Sunny",
  })),
};
const source = { forecast: () => Promise.resolve(live) };
const noSource = { forecast: () => Promise.reject(new NoLiveForecast("nobody there")) };
const ask = async (fields: object, live: Live): Promise<Reply> => {
  const ohio = {
    state: "ohio",
    server: "ohio-server@host:1",
    forecaster: forecaster(exampleClimate),
    live,
  } as const;
  return strictReply.parse(await processRequest(request.parse(fields), ohio));
};
const monday = { start: "2026-11-23" };
const frost = { ...monday, days: 3, kind: "risk", threshold: { of: "low", below: 0 } };
/** The part of the reply that is the same from all servers. */
const daysOf = (answer: Reply) => (answer.outcome === "forecast" ? answer.days : []);

describe("a live reply", () => {
  it("has the live forecast's days, each with its uncertainty, and names their source", async () => {
    const answer = await ask({ ...monday, days: 2, seed: 7 }, { source, fallback: "none" });
    expect(answer).toMatchObject({
      outcome: "forecast",
      station: { id: "KEXA" },
      server: "ohio-server@host:1",
      model: { name: "nws", updatedAt, dressed: true, members: 200, seed: 7 },
    });
    expect(daysOf(answer).map(({ date, summary }) => [date, summary])).toEqual([
      ["2026-11-23", "Sunny"],
      ["2026-11-24", "Sunny"],
    ]);
    const { high, precipitation } = daysOf(answer)[0]!;
    expect(high.p10).toBeLessThan(20.5);
    expect(high.p90).toBeGreaterThan(22);
    expect(high.p90 - high.p10).toBeLessThan(5);
    expect(precipitation).toMatchObject({ chance: 0.3, basis: "nws" });
  });

  it("continues with the climate after the last day of the live forecast, and says from which day", async () => {
    const answer = await ask({ start: "2026-11-24", days: 5 }, { source, fallback: "climate" });
    expect(answer).toMatchObject({ model: { name: "nws" } });
    expect(daysOf(answer).map(({ high }) => high.basis)).toEqual([
      "nws",
      "extrapolated",
      "climate",
      "climate",
      "climate",
    ]);
  });

  it("has only the days of the live forecast, where there is no fallback", async () => {
    const answer = await ask({ start: "2026-11-22", days: 10 }, { source, fallback: "none" });
    expect(daysOf(answer).map(({ date }) => date)).toEqual(dates);
  });

  it("tells risks from the same members as the forecast", async () => {
    const risk = await ask(frost, { source, fallback: "none" });
    expect(risk).toMatchObject({
      outcome: "risk",
      model: { name: "nws", updatedAt, dressed: true },
      chance: 0,
      days: [{ basis: "nws" }, { basis: "nws" }, { basis: "extrapolated" }],
    });
    const [day] = daysOf(await ask({ ...monday, members: 2000 }, { source, fallback: "climate" }));
    const threshold = { of: "high", above: day!.high.p50 };
    const even = await ask({ ...frost, members: 2000, threshold }, { source, fallback: "climate" });
    expect(even.outcome === "risk" && Math.abs(even.days[0]!.chance - 0.5)).toBeLessThan(0.05);
  });

  it.each([
    ["there is no live forecast", monday, noSource],
    ["it has none of the days", { start: "2026-12-24" }, source],
  ])("comes from the climate where %s and climate is the fallback", async (_, asked, source) => {
    const answer = await ask(asked, { source, fallback: "climate" });
    expect(answer).toMatchObject({ outcome: "forecast", model: { name: "climate-ensemble" } });
    expect(daysOf(answer)[0]).toMatchObject({ date: asked.start });
    expect(daysOf(answer)[0]!.high).not.toHaveProperty("basis");
    expect(await ask({ ...frost, ...asked }, { source, fallback: "climate" })).toMatchObject({
      outcome: "risk",
      model: { name: "climate-ensemble" },
    });
  });

  it("is a refusal with the reason, if there is no fallback", async () => {
    expect(await ask(monday, { source: noSource, fallback: "none" })).toMatchObject({
      outcome: "refused",
      reason: "failed",
      message: "nobody there",
    });
    expect(await ask({ start: "2026-12-24" }, { source, fallback: "none" })).toMatchObject({
      outcome: "refused",
      reason: "invalid-request",
      message: "the live forecast reaches from 2026-11-23 to 2026-11-25: none of the days asked for",
    });
  });

  it("fails with the source's error, if that is a fault of the program", async () => {
    const broken = { forecast: () => Promise.reject(new TypeError("a mistake")) };
    await expect(ask(monday, { source: broken, fallback: "climate" })).rejects.toThrow("a mistake");
  });
});
