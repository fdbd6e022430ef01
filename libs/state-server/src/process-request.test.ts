import { farmRequest, strictFarmReply } from "@weather/contracts";
import { seedFrom, type About, type Forecaster, type Question } from "@weather/forecast-model";
import { describe, expect, it } from "vitest";
import { processRequest } from "./process-request.ts";

const asked: Question[] = [];
const columbus = { id: "KCMH", name: "Columbus", latitude: 39.99, longitude: -82.88 };
const cleveland = { id: "KCLE", name: "Cleveland", latitude: 41.41, longitude: -81.85 };
const bedford = { id: "IN_Bedford_5_WNW", name: "USCRN IN Bedford", latitude: 38.89, longitude: -86.57 };
const forecaster = {
  state: "ohio",
  stations: [columbus, cleveland],
  neighbours: [bedford],
  about: (station: string): About => ({
    elevation_m: 250,
    sources: { temperature: "normals", precipitation: "normals", wetDays: "daily", daily: ["Wooster"] },
    ...(station === "KCLE" && { borrowed: "michigan", timeZone: "America/Detroit" }),
  }),
  startedFrom: () => [],
  forecast: (question: Question) => (asked.push(question), []),
} satisfies Partial<Forecaster>;
const ohio = {
  state: "ohio",
  server: "ohio-server@host:1",
  forecaster: forecaster as unknown as Forecaster,
} as const;
const process = (fields: object) => processRequest(farmRequest.parse(fields), ohio);

describe("processRequest", () => {
  it("uses the state's first station, today and a derived seed by default", () => {
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

  it("names the state from which a climate is borrowed", () => {
    expect(process({ station: "KCLE" })).toMatchObject({ model: { borrowed: "michigan" } });
    expect(process({ station: "KCMH" })).not.toHaveProperty("model.borrowed");
  });

  it("takes the nearest station where a place is asked for, and says how far away it is", () => {
    const start = "2026-01-02";
    const place = { latitude: 41.5, longitude: -81.7 };
    expect(process({ ...place, start })).toMatchObject({
      station: cleveland,
      nearest: { ...place, distance: 16 },
    });
    expect(asked.at(-1)).toMatchObject({ station: "KCLE", start, seed: seedFrom("KCLE", start) });
    expect(process({ station: "KCLE" })).not.toHaveProperty("nearest");
  });

  it("refuses a place that is farther than 150 km from every station, and says how far it is", () => {
    const message = "ohio has no station within 150 km of 38.6, -82.88: the nearest, KCMH, is 155 km away";
    expect(process({ latitude: 38.6, longitude: -82.88 })).toMatchObject({
      outcome: "refused",
      reason: "unknown-station",
      message,
      details: [{ path: "latitude", message }],
    });
    expect(process({ latitude: 38.7, longitude: -82.88 })).toMatchObject({ nearest: { distance: 143.4 } });
  });

  it("lists the state's stations, each with its place and what its climate was fitted from", () => {
    const fittedFrom = {
      temperature: "normals",
      precipitation: "normals",
      wetDays: "daily",
      daily: ["Wooster"],
    };
    expect(strictFarmReply.parse(process({ kind: "stations" }))).toEqual({
      outcome: "stations",
      state: "ohio",
      server: ohio.server,
      stations: [
        { ...columbus, elevation: 250, timeZone: "America/New_York", fittedFrom },
        { ...cleveland, elevation: 250, timeZone: "America/Detroit", borrowed: "michigan", fittedFrom },
      ],
      neighbours: [bedford],
    });
  });
});
