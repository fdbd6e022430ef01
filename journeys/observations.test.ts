import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { describe, expect } from "vitest";
import { ohio, test } from "./farm.ts";

const yesterday = new Date(Date.now() - 86_400_000).toLocaleDateString("sv-SE", {
  timeZone: "America/New_York",
});

describe("observations", () => {
  test("by hand reach every server: the same request starts from them, in either units, and a cached reply is gone", async ({
    serve,
    weather,
    client,
  }) => {
    await Promise.all([serve("ohio"), serve("ohio")]);
    const broker = await client();
    const ask = () => Promise.all(Array.from({ length: 20 }, () => broker.ask(ohio, { days: 2 })));
    for (const before of await ask())
      expect(before).toMatchObject({ startedFrom: [], model: { kind: "climate" } });
    const words = ["--date", yesterday, "--high", "88F", "--low", "70F", "--precipitation", "0.1in"];
    const observed = await weather("observe", "oh", "kcmh", ...words);
    expect([observed.code, observed.output]).toEqual([
      0,
      [`observed.ohio.KCMH of ${yesterday} is with the broker`],
    ]);
    const own = { station: "KCMH", date: yesterday, high: 31.111111, low: 21.111111, precipitation: 2.54 };
    await until("every reply starts from it", async () =>
      (await ask()).every((reply) => reply.outcome === "forecast" && reply.startedFrom?.length === 1),
    );
    for (const after of await ask())
      expect(after).toMatchObject({ startedFrom: [own], model: { kind: "ensemble" } });
    const shown = await weather("forecast", "ohio", "--days", "1");
    expect(shown.output.join("\n")).toContain(`From observations of KCMH up to ${yesterday}.`);
    const usual = await weather("forecast", "ohio", "--days", "1", "--model", "climate");
    expect(usual.output.join("\n")).toContain("Climate only");
  });

  test("that cannot be are refused before they are sent, with what was expected", async ({ weather }) => {
    for (const [words, message] of [
      [["ohio", "KCMH", "--date", yesterday, "--high", "99"], "high: expected at most 60 °C"],
      [
        ["ohio", "KCMH", "--date", yesterday, "--high", "1", "--low", "2"],
        "low: expected no more than the high",
      ],
      [["ohio", "KCMH", "--date", yesterday], "expected a high, a low or an amount of precipitation"],
      [["ohio", "KCMH", "--date", "yesterday", "--high", "9"], "date:"],
      [["ohoi", "KCMH", "--date", yesterday, "--high", "9"], 'there is no US state "ohoi"'],
    ] as const) {
      const { code, errors } = await weather("observe", ...words);
      expect([code, errors.join("\n")]).toEqual([64, expect.stringContaining(message)]);
    }
  });

  test("are in the metrics: how old the newest one is, and what became of each", async ({
    vhost,
    afterwards,
    weather,
  }) => {
    const HEALTH_PORT = String(20_000 + (process.pid % 20_000));
    const server = AppProcess.start("ohio-server", { environment: { AMQP_URL: vhost.url, HEALTH_PORT } });
    afterwards(() => server.stop("SIGKILL"));
    await server.says("ohio-server answers");
    const metrics = async () => (await fetch(`http://127.0.0.1:${HEALTH_PORT}/metrics`)).text();
    expect(await metrics()).toMatch(/weather_newest_observation_age_seconds\{state="ohio"\} Nan/i);
    await weather("observe", "ohio", "KCMH", "--date", yesterday, "--low", "3");
    await until("it is counted", async () =>
      (await metrics()).includes('weather_observations{verdict="new",state="ohio"} 1'),
    );
    expect(await metrics()).toMatch(/weather_newest_observation_age_seconds\{state="ohio"\} \d/);
  });
});
