import { observations } from "@weather/contracts";
import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { describe, expect } from "vitest";
import { ohio, test } from "./farm.ts";

const daysAgo = (days: number) =>
  new Date(Date.now() - days * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "America/New_York" });
const yesterday = daysAgo(1);
const dayBefore = daysAgo(2);

describe("observations", () => {
  test("by hand reach every server: the same request starts from them, in either units, and no cached reply is used", async ({
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
    expect(shown.output.join("\n")).toContain("From observations of KCMH up to yesterday.");
    const usual = await weather("forecast", "ohio", "--days", "1", "--model", "climate");
    expect(usual.output.join("\n")).toContain("Climate only");
  });

  test("count for ten days: then the forecast is the climate's, and says so", async ({ serve, weather }) => {
    await serve("ohio");
    const [tomorrow, tenDaysAgo] = [daysAgo(-1), daysAgo(10)];
    await weather("observe", "ohio", "KCMH", "--date", tenDaysAgo, "--low", "3");
    const shown = async (...words: string[]) =>
      (await weather("forecast", "ohio", ...words)).output.join("\n");
    await until("it is heard", async () => (await shown()).includes(`of KCMH up to ${tenDaysAgo}.`));
    expect(await shown("--start", tomorrow)).toContain(
      `Climate only: started from no observation of the 10 days before ${tomorrow}.`,
    );
  });

  test("are in the table of states: the date of the newest one that each farm knows", async ({
    serve,
    weather,
  }) => {
    const [, virginia] = await Promise.all([serve("ohio"), serve("virginia")]);
    const newest = async () =>
      (await weather("states", "--json")).output.map(
        (line) => (JSON.parse(line) as { newestObservation?: string }).newestObservation,
      );
    expect(await newest()).toEqual([undefined, undefined]);
    await weather("observe", "virginia", "KRIC", "--date", dayBefore, "--high", "9", "--low", "2");
    await weather("observe", "virginia", "KORF", "--date", yesterday, "--low", "3");
    await until("Virginia's farm knows it", async () => (await newest())[1] === yesterday);
    const { output } = await weather("states");
    expect(output[0]).toMatch(/ {2}Observed$/);
    expect(output[2]).toMatch(new RegExp(`^virginia .* ${yesterday}$`));

    // A farm that does not answer has a dash, and the table still comes.
    virginia.signal("SIGSTOP");
    const without = await weather("states");
    virginia.signal("SIGCONT");
    expect([without.code, without.errors]).toEqual([0, []]);
    expect(without.output[2]).toMatch(/^virginia +weather\.virginia +0 +1 +–$/);
  });

  test("are asked for at most every ten seconds while the states are watched", async ({
    serve,
    vhost,
    afterwards,
  }) => {
    const server = await serve("ohio", { LOG_LEVEL: "debug" });
    const watching = AppProcess.start("client", {
      arguments: ["states", "--watch", "--every", "100ms"],
      environment: { AMQP_URL: vhost.url },
    });
    afterwards(() => watching.stop("SIGKILL"));
    await until("it has looked often", () => watching.output.length >= 20, 20_000);
    expect(server.output.filter((line) => line.includes('"outcome":'))).toHaveLength(1);
  });

  test("that are impossible are refused before they are sent, with what was expected", async ({
    weather,
  }) => {
    for (const [words, message] of [
      [["ohio", "KCMH", "--date", yesterday, "--high", "99"], "--high: expected at most 60 °C"],
      [
        ["ohio", "KCMH", "--date", yesterday, "--high", "1", "--low", "2"],
        "--low: expected no more than the high",
      ],
      [["ohio", "KCMH", "--date", yesterday], "expected a high, a low or an amount of precipitation"],
      [["ohio", "KCMH", "--date", "yesterday", "--high", "9"], "--date: expected a date"],
      [["ohio", "KCMH", "--date", "2999-01-01", "--high", "9"], "--date: expected a day up to today"],
      [["ohio", "K", "--date", yesterday, "--high", "9"], "weather: station: expected a station id"],
      [["ohoi", "KCMH", "--date", yesterday, "--high", "9"], 'there is no US state "ohoi"'],
    ] as const) {
      const { code, errors } = await weather("observe", ...words);
      expect([code, errors.join("\n")]).toEqual([64, expect.stringContaining(message)]);
    }
  });

  test("of a station that no farm knows are refused, and nothing is published", async ({
    serve,
    weather,
    client,
  }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const heard: string[] = [];
    (await client()).follow(observations, {
      since: 60_000,
      take: ({ station }) => void heard.push(station),
      malformed: ({ message }) => void heard.push(message),
    });
    const day = ["--date", yesterday, "--low", "3"];
    const { code, output, errors } = await weather("observe", "ohio", "KXYZ", ...day);
    expect([code, output, errors]).toEqual([
      65,
      [],
      [expect.stringMatching(/^weather: no farm knows the station KXYZ: nothing is published/)],
    ]);
    // An observation of a neighbour in a state without a farm is used.
    expect(await weather("observe", "indiana", "IN_Bedford_5_WNW", ...day)).toMatchObject({
      code: 0,
      errors: [],
    });
    await until("the neighbour is heard", () => heard.length > 0);
    expect(heard).toEqual(["IN_Bedford_5_WNW"]);
  });

  test("are in the metrics: the age of the newest one, and the number of each outcome", async ({
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
