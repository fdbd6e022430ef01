import { request } from "@weather/contracts";
import { seedFrom, type Forecaster, type Question } from "@weather/forecast-model";
import { describe, expect, it } from "vitest";
import { processRequest } from "./process-request.ts";

const asked: Question[] = [];
const columbus = { id: "KCMH", name: "Columbus", latitude: 39.99, longitude: -82.88 };
const cleveland = { id: "KCLE", name: "Cleveland", latitude: 41.41, longitude: -81.85 };
const forecaster = {
  state: "ohio",
  stations: [columbus, cleveland],
  borrowedFrom: (station: string) => (station === "KCLE" ? "michigan" : undefined),
  startedFrom: () => [],
  forecast: (question: Question) => (asked.push(question), []),
} satisfies Partial<Forecaster>;
const ohio = {
  state: "ohio",
  server: "ohio-server@host:1",
  forecaster: forecaster as unknown as Forecaster,
} as const;
const process = (fields: object) => processRequest(request.parse(fields), ohio);

describe("processRequest", () => {
  it("takes the state's first station, today and a seed of their own where nothing else is asked", () => {
    expect(process({})).toMatchObject({
      outcome: "forecast",
      state: "ohio",
      station: columbus,
      server: ohio.server,
    });
    const today = new Date().toLocaleDateString("sv-SE", { timeZone: "America/New_York" });
    expect(asked.at(-1)).toEqual({
      station: "KCMH",
      start: today,
      days: 5,
      members: 200,
      seed: seedFrom("KCMH", today),
    });
  });

  it("asks the model what the request asks", () => {
    const fields = { station: "KCLE", start: "2026-01-02", days: 3, members: 50, seed: 7 };
    expect(process(fields)).toMatchObject({ station: cleveland, model: { members: 50, seed: 7 } });
    expect(asked.at(-1)).toEqual(fields);
  });

  it("refuses a station that the state does not have, and names those that it has", () => {
    expect(process({ station: "KRIC" })).toEqual({
      outcome: "refused",
      state: "ohio",
      server: "ohio-server@host:1",
      reason: "unknown-station",
      message: "ohio has no station KRIC: its stations are KCMH, KCLE",
      details: [{ path: "station", message: "ohio has no station KRIC: its stations are KCMH, KCLE" }],
    });
  });

  it("says whose climate it is, where it is borrowed", () => {
    expect(process({ station: "KCLE" })).toMatchObject({ model: { borrowed: "michigan" } });
    expect(process({ station: "KCMH" })).not.toHaveProperty("model.borrowed");
  });
});
