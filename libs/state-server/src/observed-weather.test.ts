import {
  dateIn,
  observation,
  observationKey,
  request,
  strictReply,
  type WrittenObservation,
} from "@weather/contracts";
import { forecaster } from "@weather/forecast-model";
import { exampleClimate } from "@weather/forecast-model/example";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { ObservedWeather } from "./observed-weather.ts";
import { processRequest } from "./process-request.ts";

const lines: string[] = [];
const log = pino({}, { write: (line: string) => void lines.push(line) });
const model = forecaster(exampleClimate);
const weather = () => new ObservedWeather("ohio", model, log);
const today = dateIn("ohio", new Date());
const daysAgo = (days: number) => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);

/** A very warm yesterday. */
const warm = { state: "ohio", station: "KEXA", date: daysAgo(1), high: 28, low: 17, precipitation: 0 };
const hear = (observed: ObservedWeather, changes: Partial<WrittenObservation> = {}) => {
  const read = observation.parse({ ...warm, ...changes });
  observed.take(read, observationKey(read));
};
const ask = async (observed: ObservedWeather, fields: object = {}) =>
  strictReply.parse(
    await processRequest(request.parse({ days: 2, ...fields }), {
      ...{ state: "ohio", server: "ohio-server@host:1", forecaster: model, observed },
    }),
  );
const width = (reply: Awaited<ReturnType<typeof ask>>) =>
  reply.outcome === "forecast" ? (reply.days[0]?.high.p90 ?? 0) - (reply.days[0]?.high.p10 ?? 0) : NaN;

describe("a server that reads observations", () => {
  it("starts from the newest ones and says which, with a narrower range; before them, from the climate", async () => {
    const observed = weather();
    const before = await ask(observed);
    expect(before).toMatchObject({ model: { kind: "climate" }, startedFrom: [] });
    hear(observed);
    const after = await ask(observed);
    const { station, date, high, low, precipitation } = warm;
    expect(after).toMatchObject({
      model: { name: "climate-ensemble", kind: "ensemble" },
      startedFrom: [{ station, date, high, low, precipitation }],
    });
    expect(width(after)).toBeLessThan(0.9 * width(before));
  });

  it("starts from the caller's observation where the request gives one", async () => {
    const observed = weather();
    hear(observed);
    const own = { date: daysAgo(1), high: 3, low: -4, precipitation: 1 };
    expect(await ask(observed, { observed: own })).toMatchObject({
      model: { kind: "ensemble" },
      startedFrom: [{ station: "KEXA", ...own }],
    });
  });

  it("answers with the model of the request, and refuses one that it does not have", async () => {
    const observed = weather();
    const refused = (model: string) => ({
      outcome: "refused",
      reason: "invalid-request",
      details: [{ path: model }],
    });
    expect(await ask(observed, { model: "ensemble" })).toMatchObject(refused("model"));
    expect(await ask(observed, { model: "nws" })).toMatchObject(refused("model"));
    hear(observed);
    expect(await ask(observed, { model: "ensemble" })).toMatchObject({ model: { kind: "ensemble" } });
    const usual = await ask(observed, { model: "climate", seed: 7 });
    expect(usual).toMatchObject({ model: { kind: "climate" }, startedFrom: [] });
    expect(usual).toMatchObject({ days: ((await ask(weather(), { seed: 7 })) as { days: unknown }).days });
    const own = { date: daysAgo(1), high: 3, low: -4, precipitation: 1 };
    expect(await ask(observed, { model: "climate", observed: own })).toMatchObject(refused("model"));
  });

  it("uses only the night's low of a day that is not over", async () => {
    const observed = weather();
    hear(observed, { date: today, complete: false });
    expect(await ask(observed)).toMatchObject({ startedFrom: [{ station: "KEXA", date: today, low: 17 }] });
    expect((await ask(observed)) as object).not.toHaveProperty("startedFrom.0.high");
  });

  it("is not changed by doubled, late, future-dated, forged or unknown observations, and counts them", () => {
    const observed = weather();
    hear(observed);
    const { version } = observed;
    hear(observed);
    hear(observed, { date: daysAgo(40) });
    hear(observed, { date: daysAgo(-2) });
    hear(observed, { station: "KXYZ" });
    observed.take(observation.parse({ ...warm, revision: 9, high: 40 }), "observed.ohio.KDAY");
    observed.malformed("the message does not fit: high: expected at most 60 °C", "observed.ohio.KEXA");
    expect(observed.version).toBe(version);
    const counts = { new: 1, doubled: 1, late: 1, "future-dated": 1, "unknown-station": 1, malformed: 2 };
    expect(Object.fromEntries(observed.counts)).toMatchObject(counts);
    expect(lines.join("")).toContain("its station is KEXA, but its routing key is observed.ohio.KDAY");
  });

  it("tells how old its newest observation is", () => {
    const observed = weather();
    expect(observed.age).toBeNaN();
    hear(observed, { date: daysAgo(3) });
    expect(observed.newest).toBe(daysAgo(3));
    expect(observed.age).toBeGreaterThan(2 * 86_400 - 1);
    expect(observed.age).toBeLessThan(4 * 86_400);
  });

  it("logs a newer day with its age once the past is read, and none of what changes no newest day", () => {
    const observed = weather();
    const told = () =>
      lines
        .splice(0)
        .map((line) => JSON.parse(line) as { msg: string; newest?: string })
        .filter(({ msg }) => msg === "a newer day is observed");
    told();
    hear(observed, { date: daysAgo(4) });
    observed.caughtUp();
    expect(told()).toEqual([]);
    hear(observed, { date: daysAgo(2) });
    hear(observed, { date: daysAgo(3) });
    hear(observed, { date: daysAgo(2), revision: 2 });
    const [newer, ...others] = told();
    expect(newer).toMatchObject({ level: 30, station: "KEXA", newest: daysAgo(2), observations: 2 });
    expect(newer).toHaveProperty("ageHours", Math.round(observed.age / 360) / 10);
    expect(others).toEqual([]);
  });
});
