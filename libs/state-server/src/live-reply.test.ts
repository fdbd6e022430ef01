import { reply, request } from "@weather/contracts";
import type { Forecaster } from "@weather/forecast-model";
import { describe, expect, it } from "vitest";
import type { Live } from "./answering.ts";
import { NoLiveForecast } from "./live-forecast.ts";
import { processRequest } from "./process-request.ts";

const columbus = { id: "KCMH", name: "Columbus", latitude: 39.99, longitude: -82.88 };
const spread = { p10: 1, p25: 1.5, p50: 2, p75: 2.5, p90: 3 };
const precipitation = { chance: 0.1, mean: 0.2, p90: 0.3 };
const forecaster: Forecaster = {
  state: "ohio",
  stations: [columbus],
  borrowedFrom: () => undefined,
  forecast: ({ start }) => [{ date: start, high: spread, low: spread, precipitation, summary: "Dry" }],
  risk: ({ start }) => ({ days: [{ date: start, chance: 0.5 }], chance: 0.5 }),
};
const updatedAt = "2026-11-23T20:05:00.000Z";
const days = ["23", "24", "25"].map((day) => ({
  date: `2026-11-${day}`,
  high: { value: 7.2 },
  precipitation: { chance: 0.3 },
  summary: "Sunny",
}));
const source = { forecast: () => Promise.resolve({ updatedAt, days }) };
const noSource = { forecast: () => Promise.reject(new NoLiveForecast("nobody there")) };
const process = async (fields: object, live: Live) => {
  const ohio = { state: "ohio", server: "ohio-server@host:1", forecaster, live } as const;
  return reply.parse(await processRequest(request.parse(fields), ohio));
};
const monday = { start: "2026-11-23" };
const frost = { ...monday, kind: "risk", threshold: { of: "low", below: 0 } };

describe("a live reply", () => {
  it("has the live forecast's days and says whose they are", async () => {
    expect(await process({ ...monday, days: 2 }, { source, fallback: "none" })).toMatchObject({
      outcome: "forecast",
      station: columbus,
      server: "ohio-server@host:1",
      model: { name: "nws", updatedAt },
      days: days.slice(0, 2),
    });
  });

  it("has the days that there are, if more are asked for", async () => {
    const asked = { start: "2026-11-24", days: 10 };
    expect(await process(asked, { source, fallback: "climate" })).toMatchObject({
      model: { name: "nws" },
      days: days.slice(1),
    });
  });

  it.each([
    ["there is no live forecast", monday, noSource],
    ["it has none of the days", { start: "2026-12-24" }, source],
  ])("comes from the climate where %s and climate is the fallback", async (_, asked, source) => {
    expect(await process(asked, { source, fallback: "climate" })).toMatchObject({
      outcome: "forecast",
      model: { name: "climate-ensemble" },
      days: [{ date: asked.start, high: spread }],
    });
  });

  it("is a refusal that says why, where there is no fallback", async () => {
    expect(await process(monday, { source: noSource, fallback: "none" })).toMatchObject({
      outcome: "refused",
      reason: "failed",
      message: "nobody there",
    });
    expect(await process({ start: "2026-12-24" }, { source, fallback: "none" })).toMatchObject({
      outcome: "refused",
      reason: "invalid-request",
      message: "the live forecast reaches from 2026-11-23 to 2026-11-25: none of the days asked for",
    });
  });

  it("leaves risks to the climate", async () => {
    expect(await process(frost, { source, fallback: "climate" })).toMatchObject({
      outcome: "risk",
      model: { name: "climate-ensemble" },
      chance: 0.5,
    });
    expect(await process(frost, { source, fallback: "none" })).toMatchObject({
      outcome: "refused",
      reason: "invalid-request",
      details: [{ path: "kind" }],
    });
  });

  it("fails as the source fails, if that is a mistake of ours", async () => {
    const broken = { forecast: () => Promise.reject(new TypeError("a mistake")) };
    await expect(process(monday, { source: broken, fallback: "climate" })).rejects.toThrow("a mistake");
  });
});
