import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import {
  dateIn,
  utcOffset,
  farmOf,
  farmRequest,
  forecastFrom,
  reply,
  request,
  stationsOf,
  stationsReply,
  stationsRequest,
  strictFarmReply,
  strictReply,
  type Reply,
  type Request,
} from "./index.ts";

const issues = (value: unknown, schema: z.ZodType = request) =>
  schema.safeParse(value).error?.issues.map((issue) => [...issue.path, issue.message].join(": "));

const yesterday = { date: "2026-11-22", high: 11, low: 3, precipitation: 0 };

describe("a request", () => {
  it("may say what was observed, and ask for a risk", () => {
    const risk = { kind: "risk", observed: yesterday, threshold: { of: "low", below: 0 } };
    expect(request.parse(risk)).toEqual({ ...risk, days: 5, members: 200 });
  });

  it("may be empty, and then takes its defaults", () => {
    expect(request.parse({})).toEqual({ kind: "forecast", days: 5, members: 200 });
  });

  it.each([
    [{ days: 40 }, "days: expected a whole number from 1 to 10, got 40"],
    [{ days: "3" }, 'days: expected a whole number from 1 to 10, got "3"'],
    [{ days: 2.5 }, "days: expected a whole number from 1 to 10, got 2.5"],
    [{ members: 9 }, "members: expected a whole number from 10 to 2000, got 9"],
    [{ seed: -1 }, "seed: expected a whole number from 0 to 4294967295, got -1"],
    [{ start: "2026-02-30" }, 'start: expected a date such as 2026-11-23, got "2026-02-30"'],
    [{ start: "9999-12-31" }, "start: expected all 5 days by 9999-12-31"],
    [{ start: "9999-12-23", days: 10 }, "start: expected all 10 days by 9999-12-31"],
    [{ station: "Columbus" }, 'station: expected a station id such as KCMH, got "Columbus"'],
    [{ kind: "news" }, 'kind: expected "forecast" or "risk", got "news"'],
    [{ kind: "risk" }, 'threshold: kind "risk" needs a threshold'],
    [{ threshold: { of: "low", below: 0 } }, 'threshold: only kind "risk" takes a threshold'],
    [{ kind: "risk", threshold: { of: "low" } }, "threshold: expected either above or below"],
    [{ observed: { ...yesterday, low: 12 } }, "observed: low: expected no more than the high"],
    [
      { observed: { ...yesterday, precipitation: -1 } },
      "observed: precipitation: expected at least 0 mm, got -1",
    ],
    [
      { dayz: 3 },
      "unknown field dayz: the fields are kind, station, latitude, longitude, start, days, members, seed, observed, model, threshold",
    ],
    [{ latitude: 91, longitude: 0 }, "latitude: expected a number from -90 to 90, got 91"],
    [{ latitude: 39.96, longitude: "-83" }, 'longitude: expected a number from -180 to 180, got "-83"'],
    [{ latitude: 39.96 }, "longitude: a latitude needs a longitude"],
    [{ longitude: -83 }, "latitude: a longitude needs a latitude"],
    [
      { station: "KCMH", latitude: 39.96, longitude: -83 },
      "station: expected either a station, or a latitude and a longitude",
    ],
    [[1, 2], "expected an object, got an array"],
    [null, "expected an object, got null"],
  ])("%j is refused, and told why", (value, issue) => {
    expect(issues(value)).toContain(issue);
  });

  it.each([
    [{ days: 99999999999999999999 }, "days: expected a whole number from 1 to 10, got 100000000000000000000"],
    [{ days: Infinity }, "days: expected a whole number from 1 to 10, got Infinity"],
    [{ seed: 2 ** 53 }, "seed: expected a whole number from 0 to 4294967295, got 9007199254740992"],
    [{ start: "today" }, 'start: expected a date such as 2026-11-23, got "today"'],
    [{ start: "10000-01-01" }, 'start: expected a date such as 2026-11-23, got "10000-01-01"'],
  ])("%j is refused for one reason", (value, issue) => {
    expect(issues(value)).toEqual([issue]);
  });

  it("with a very long field is refused in few words", () => {
    for (const field of [{ ["x".repeat(9_000)]: 1 }, { station: "x".repeat(9_000) }]) {
      expect(issues(field)?.join().length).toBeLessThan(250);
    }
  });

  it("may ask for the last possible days", () => {
    expect(issues({ start: "9999-12-27" })).toBeUndefined();
    expect(issues({ start: "9999-12-31", days: 1 })).toBeUndefined();
  });

  it("refuses a body with a __proto__ key", () => {
    expect(issues(JSON.parse('{"__proto__": {"days": 3}}'))).toHaveLength(1);
  });
});

describe("a request to a farm", () => {
  it("is for its weather, or for its stations", () => {
    expect(farmRequest.parse({})).toEqual({ kind: "forecast", days: 5, members: 200 });
    expect(farmRequest.parse({ kind: "stations" })).toEqual({ kind: "stations" });
    expect(farmRequest.parse({ latitude: 39.96, longitude: -83 })).toMatchObject({ longitude: -83 });
  });

  it.each([
    [{ kind: "stations", days: 3 }, 'kind "stations" takes no other field: leave out days'],
    [{ kind: "news" }, 'kind: expected one of "forecast", "risk", "stations", got "news"'],
    [{ days: 40 }, "days: expected a whole number from 1 to 10, got 40"],
    [null, "expected an object, got null"],
  ])("and not for %j", (value, issue) => {
    expect(issues(value, farmRequest)).toContain(issue);
  });
});

describe("a reply", () => {
  const refused: Reply = {
    outcome: "refused",
    state: "ohio",
    server: "ohio-server@host:1",
    reason: "invalid-request",
    message: "days: expected a whole number from 1 to 10, got 40",
    details: [],
  };

  it("has a shape for each outcome", () => {
    expect(reply.parse(refused)).toEqual(refused);
    expect(reply.safeParse({ ...refused, outcome: "maybe" }).success).toBe(false);
  });

  const answer = {
    state: "ohio",
    station: { id: "KCMH", name: "Columbus", latitude: 39.99, longitude: -82.88 },
    issuedAt: "2026-11-23T12:00:00Z",
    server: "ohio-server@host:1",
  };
  const ensemble = { name: "climate-ensemble", members: 200, seed: 7 };
  const nws = { ...ensemble, name: "nws", updatedAt: "2026-11-23T11:00:00Z", dressed: true };

  it("may be a risk", () => {
    const threshold = { of: "low", below: 0 };
    const risk = {
      outcome: "risk",
      ...answer,
      model: ensemble,
      threshold,
      days: [{ date: "2026-11-23", chance: 0.4 }],
      chance: 0.4,
    };
    expect(reply.parse(risk)).toEqual(risk);
  });

  it("may have the distance of the requested place from the station", () => {
    const risk = {
      outcome: "risk",
      ...answer,
      nearest: { latitude: 39.96, longitude: -83, distance: 10.7 },
      model: ensemble,
      threshold: { of: "low", below: 0 },
      days: [{ date: "2026-11-23", chance: 0.4 }],
      chance: 0.4,
    };
    expect(strictReply.parse(risk)).toEqual(risk);
  });

  it("may list the stations", () => {
    const station = {
      ...answer.station,
      elevation: 246.9,
      timeZone: "America/New_York",
      fittedFrom: {
        temperature: "NCEI monthly normals 1991-2020, USW00014821",
        precipitation: "NCEI monthly normals 1981-2010, USW00014821",
        wetDays: "as daily",
        daily: ["USCRN OH Wooster 3 SSE, 2016-11-10 to 2024-04-07"],
      },
    };
    const list = { outcome: "stations", state: "ohio", server: "ohio-server@host:1", stations: [station] };
    expect(stationsReply.parse({ ...list, more: 1 })).toEqual(list);
    expect(strictFarmReply.parse(list)).toEqual(list);
    expect(stationsReply.parse(refused)).toEqual(refused);
    expect(reply.safeParse(list).success).toBe(false);
  });

  it("may be the National Weather Service's, dressed, with the origin of each figure", () => {
    const spread = { p10: 1, p50: 2, p90: 3 };
    const day = {
      date: "2026-11-23",
      high: { ...spread, basis: "nws" },
      low: { ...spread, basis: "extrapolated" },
      precipitation: { chance: 0, mean: 0, p90: 0, basis: "climate" },
      summary: "Sunny",
    };
    const forecast = { outcome: "forecast", ...answer, model: nws, days: [day] };
    expect(strictReply.parse(forecast)).toEqual(forecast);
    expect(strictReply.safeParse({ ...forecast, model: { ...nws, dressed: false } }).success).toBe(false);
    const high = { ...spread, basis: "guessed" };
    expect(strictReply.safeParse({ ...forecast, days: [{ ...day, high }] }).success).toBe(false);
  });

  it("has no unknown field at the server, and loses unknown fields at the client", () => {
    const longer = { ...refused, details: [{ path: "days", message: "no", hint: "5" }], retryAfter: 5 };
    expect(strictReply.safeParse(longer).error?.issues.map(({ message }) => message)).toEqual([
      "unknown field hint: the fields are path, message",
      "unknown field retryAfter: the fields are outcome, state, server, reason, message, details",
    ]);
    expect(reply.parse(longer)).toEqual({ ...refused, details: [{ path: "days", message: "no" }] });
    const polluting = JSON.parse(
      JSON.stringify(refused).replace("{", '{"__proto__":{"state":"utah"},'),
    ) as unknown;
    expect(Object.getPrototypeOf(reply.parse(polluting))).toBe(Object.prototype);
  });

  it("is valid with and without quartiles", () => {
    const day = (spread: object) => ({
      date: "2026-11-23",
      high: spread,
      low: spread,
      precipitation: { chance: 0, mean: 0, p90: 0 },
      summary: "Dry",
    });
    for (const spread of [
      { p10: 1, p50: 2, p90: 3 },
      { p10: 1, p25: 1.5, p50: 2, p75: 2.5, p90: 3 },
    ]) {
      const forecast = { outcome: "forecast", ...answer, model: ensemble, days: [day(spread)] };
      expect(reply.parse(forecast)).toEqual(forecast);
    }
  });

  it("has a closed list of reasons", () => {
    expect(reply.safeParse({ ...refused, reason: "bored" }).success).toBe(false);
  });
});

describe("the schemas", () => {
  const schemas = {
    request,
    reply,
    strictReply,
    stationsRequest,
    stationsReply,
    farmRequest,
    strictFarmReply,
  };

  it.each(Object.entries(schemas))("can be compiled: %s", (_, schema) => {
    // zod throws the reason; `forecastFrom` would take its slower parser.
    expect(() => z.compile(schema as z.ZodType, { strict: true })).not.toThrow();
  });
});

describe("forecastFrom", () => {
  it("names exchange, key and queue of a state's requests", () => {
    expect(forecastFrom("ohio")).toMatchObject({
      exchange: "amq.topic",
      routingKey: "weather.ohio",
      queue: "weather.ohio",
      bindingKey: "#.ohio",
    });
  });

  it("shares exchange, key and queue with every other conversation of the farm", () => {
    const { exchange, routingKey, queue } = forecastFrom("ohio");
    expect(stationsOf("ohio")).toMatchObject({ exchange, routingKey, queue });
    expect(farmOf("ohio")).toMatchObject({ exchange, routingKey, queue });
  });

  it("neither compiles nor passes with a misspelt state", () => {
    // @ts-expect-error "ohoi" is no state
    expect(() => forecastFrom("ohoi")).toThrow('no farm for "ohoi": the states are ohio, virginia');
  });

  it("does not compile with a wrong field", () => {
    expectTypeOf<{ days: number }>().toExtend<Request>();
    expectTypeOf<{ days: string }>().not.toExtend<Request>();
  });
});

describe("utcOffset", () => {
  it("is that of the state's clocks, which change twice a year", () => {
    expect(utcOffset("ohio", new Date("2026-11-01T05:59:59Z"))).toBe(-240);
    expect(utcOffset("ohio", new Date("2026-11-01T06:00:00Z"))).toBe(-300);
  });
});

describe("dateIn", () => {
  it("is the date in the state, not in Greenwich", () => {
    expect(dateIn("ohio", new Date("2026-11-23T03:00:00Z"))).toBe("2026-11-22");
    expect(dateIn("ohio", new Date("2026-11-23T06:00:00Z"))).toBe("2026-11-23");
  });
});
