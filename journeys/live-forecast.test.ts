import { describe, expect } from "vitest";
import { openWeatherGov, problem } from "@weather/testing/weather-gov";
import { ohio, test as base } from "./farm.ts";

/** A local server with the API of api.weather.gov and the weather of one week in Columbus. */
const test = base.extend<{ gov: Awaited<ReturnType<typeof openWeatherGov>>; nws: Record<string, string> }>({
  gov: async ({}, use) => {
    const gov = await openWeatherGov();
    // The farm's station has more decimals than the little server's.
    const points: unknown = await (await fetch(`${gov.url}/points/39.99,-82.88`)).json();
    gov.answers("/points/39.9914,-82.8808", { body: points });
    await use(gov);
    gov.close();
  },
  nws: async ({ gov }, use) => {
    await use({ FORECAST_MODEL: "nws", NWS_CONTACT: "me@example.org", NWS_URL: gov.url });
  },
});

const asked = { station: "KCMH", start: "2026-11-23", days: 5 };

describe("a farm with the live model", () => {
  test("answers with the forecast of the National Weather Service and its uncertainty, and with risks that fit it", async ({
    serve,
    nws,
    weather,
    client,
  }) => {
    await serve("ohio", nws);
    const broker = await client();
    const forecast = await broker.ask(ohio, asked);
    expect(forecast).toMatchObject({
      outcome: "forecast",
      model: { name: "nws", dressed: true, updatedAt: "2026-11-23T20:05:00.000Z" },
      days: [{ high: { basis: "nws" }, summary: "Mostly Clear" }, {}, {}, { high: { basis: "climate" } }, {}],
    });
    // The service says 9.4 °C.
    expect(forecast).toHaveProperty("days.0.high.p50", expect.closeTo(9.6, 0));
    expect(forecast).toHaveProperty("days.0.high.p10", expect.closeTo(7.9, 0));
    const threshold = { of: "high", above: 9.6 } as const;
    const risk = await broker.ask(ohio, { ...asked, days: 1, kind: "risk", threshold });
    expect(risk).toMatchObject({ outcome: "risk", model: { name: "nws", dressed: true } });
    expect(risk).toHaveProperty("chance", expect.closeTo(0.5, 0.9));
    const { output } = await weather("forecast", "ohio", "--start", "2026-11-23");
    expect(output.join("\n")).toMatch(/Mon.* 9\.\d \([^]*National Weather Service, 2026-11-23T20:05:00/);
    expect(output.join("\n")).toMatch(
      /^NWS forecast of (2026-11-23 )?15:05, dressed until 2026-11-25, then climate\.$/m,
    );
  });

  test("uses the last good forecast when the service fails", async ({ gov, serve, nws, client }) => {
    await serve("ohio", nws);
    const broker = await client();
    const before = await broker.ask(ohio, asked);
    gov.answers("/points/39.9914,-82.8808", { status: 403, body: problem(403, "Forbidden", "no") });
    const after = await broker.ask(ohio, asked);
    expect(gov.asked("/points/39.9914,-82.8808")).toBe(2);
    expect(after).toMatchObject({ model: { name: "nws" } });
    expect(after).toHaveProperty("days", (before as { days: unknown }).days);
  });

  test("answers from the climate when the service cannot be reached", async ({ gov, serve, nws, client }) => {
    gov.answers("/points/39.9914,-82.8808", {
      status: 404,
      body: problem(404, "Not Found", "no such place"),
    });
    await serve("ohio", nws);
    const broker = await client();
    expect(await broker.ask(ohio, asked)).toMatchObject({ model: { name: "climate-ensemble" } });
  });

  test("or refuses at once, with what the service said, if it may not", async ({
    gov,
    serve,
    nws,
    client,
  }) => {
    gov.answers("/points/39.9914,-82.8808", {
      status: 404,
      body: problem(404, "Not Found", "no such place"),
    });
    await serve("ohio", { ...nws, FORECAST_FALLBACK: "none" });
    const broker = await client();
    const reply = await broker.ask(ohio, asked);
    expect(reply).toMatchObject({ outcome: "refused", reason: "failed" });
    expect(reply).toHaveProperty("message", expect.stringContaining("404: Not Found: no such place"));
  });

  test("gives each try of a request REQUEST_TIMEOUT, when the service is slower than that", async ({
    gov,
    serve,
    nws,
    client,
  }) => {
    gov.answers("/points/39.9914,-82.8808", { after: 60_000 });
    await serve("ohio", { ...nws, NWS_DEADLINE: "60s", REQUEST_TIMEOUT: "200ms" });
    const broker = await client();
    const reply = await broker.ask(ohio, asked);
    expect(reply).toMatchObject({ outcome: "refused", reason: "failed" });
    expect(reply).toHaveProperty("message", "given up after 3 tries: it was not done within 0.2 s");
  });
});
