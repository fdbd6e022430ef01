import { describe, expect } from "vitest";
import { connect } from "@weather/queue-binding";
import { forecastFrom, type Reply } from "@weather/contracts";
import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { deadLetters, test as base } from "./farm.ts";
import { CommandInTerminal } from "./terminal.ts";

const test = base.extend<{ inTerminal: (columns: number, ...words: string[]) => CommandInTerminal }>({
  inTerminal: async ({ vhost, afterwards }, use) => {
    await use((columns, ...words) => {
      const command = new CommandInTerminal(words, columns, { AMQP_URL: vhost.url });
      afterwards(() => command.kill());
      return command;
    });
  },
});

const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => [...line].length));

describe("in a terminal", () => {
  test("every table fits the window, at 60, 80, 120 and 160 columns", async ({
    serve,
    vhost,
    client,
    inTerminal,
  }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    await vhost.manage("POST", `/exchanges/${vhost.name}/amq.topic/publish`, {
      routing_key: "weather.ohio",
      payload: JSON.stringify({
        kind: "forecast",
        station: "KCMH",
        dayz: 3,
        "a long field that nobody knows": true,
      }),
      payload_encoding: "string",
      properties: {},
    });
    const broker = await client();
    await until("there is a dead letter", async () => (await broker.counts(deadLetters))?.waiting === 1);
    for (const columns of [60, 80, 120, 160]) {
      for (const [words, text] of [
        [["forecast", "ohio"], "Columbus"],
        [["forecast", "ohio", "va", "--count", "2", "--days", "10"], "4 of 4 answered: ohio 2, virginia 2"],
        [["forecast", "ohio", "--risk", "low<32", "--units", "us"], "low < 32 °F"],
        [["states"], "As the broker counted"],
        [["stations", "ohio"], "Stations of ohio"],
        [["dead-letters", "list"], "no-reply-to"],
      ] as const) {
        const command = inTerminal(columns, ...words);
        await command.ended();
        expect(command.shown).toContain(text);
        expect(widest(command.lines), command.shown).toBeLessThanOrEqual(columns);
      }
    }
  });

  test("Ctrl-C leaves it as it was, and says how many were answered", async ({ serve, inTerminal }) => {
    await serve("ohio", { CONCURRENCY: "1", FORECAST_CACHE: "0" });
    const heavy = [
      "--count",
      "3000",
      "--members",
      "2000",
      "--days",
      "10",
      "--concurrency",
      "8",
      "--deadline",
      "60s",
    ];
    const command = inTerminal(80, "forecast", "ohio", "--start", "2001-01-01", ...heavy);
    await until("the bar is there", () => /\d+ of 3000 answered/.test(command.shown), 30_000);
    command.type("\u0003");
    await command.ended();
    expect(command.shown).toMatch(/weather: interrupted by SIGINT: \d+ of 3000 answered: ohio \d+\r?\n$/);
    // The command never hides the cursor or switches line wrap off, so no end can leave them so.
    expect(command.shown).not.toMatch(/\u001b\[\?(25|7)l/);
  });
});

describe("a command that is told to stop", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`ends by ${signal}, and says how many were answered`, async ({ serve, vhost, afterwards }) => {
      await serve("ohio", { CONCURRENCY: "1", FORECAST_CACHE: "0" });
      const words = ["forecast", "ohio", "--json", "--start", "2001-01-01", "--count", "3000"];
      const heavy = ["--members", "2000", "--days", "10", "--concurrency", "8"];
      const command = AppProcess.start("client", {
        arguments: [...words, ...heavy],
        environment: { AMQP_URL: vhost.url },
      });
      afterwards(() => command.stop("SIGKILL"));
      await command.says('"number":5');
      expect(await command.stop(signal)).toBe(signal);
      expect(command.errors).toEqual([
        `weather: interrupted by ${signal}: ${command.output.length} of 3000 answered: ohio ${command.output.length}`,
      ]);
    });
  }
});

const evil = "\u001b]0;owned\u0007\u001b[2J\u009b1A\r\nweather: all is well\u202e";
const controls = /[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u;

describe("text from others", () => {
  const spread = { p10: 1, p50: 2, p90: 3 };
  const precipitation = { chance: 0, mean: 0, p90: 0 };
  const forecast = (station: string): Reply => ({
    outcome: "forecast",
    state: evil,
    station: { id: station, name: evil, latitude: 1, longitude: 1 },
    issuedAt: "2026-11-23T12:00:00Z",
    server: evil,
    model: { name: "nws", updatedAt: "2026-11-23T12:00:00Z", dressed: true, members: 10, seed: 7 },
    days: [{ date: "2026-11-23", high: spread, low: spread, precipitation, summary: evil }],
  });
  const refusal: Reply = {
    outcome: "refused",
    state: evil,
    server: evil,
    reason: "unknown-station",
    message: evil,
    details: [{ path: evil, message: evil }],
  };

  test("reaches the terminal without unsafe characters: replies, refusals, gathered replies, dead letters", async ({
    vhost,
    weather,
    afterwards,
  }) => {
    const broker = await connect(vhost.url, { name: "hostile" });
    afterwards(() => broker.drain());
    const answer = ({ station = "KCMH" }: { station?: string }) =>
      station === "KBAD" ? refusal : forecast(station);
    await broker.answer(forecastFrom("ohio"), answer, { refuse: () => refusal });
    await vhost.manage("POST", `/exchanges/${vhost.name}/amq.topic/publish`, {
      routing_key: "weather.ohio",
      payload: JSON.stringify({ [evil]: evil }),
      payload_encoding: "string",
      properties: { correlation_id: evil, reply_to: "" },
    });
    await until("there is a dead letter", async () => (await broker.counts(deadLetters))?.waiting === 1);
    const [id = ""] = (await weather("dead-letters", "list", "--json")).output.map(
      (line) => (JSON.parse(line) as { id: string }).id,
    );
    for (const words of [
      ["forecast", "ohio"],
      ["forecast", "ohio", "--count", "2"],
      ["forecast", "ohio", "--json"],
      ["forecast", "ohio", "--station", "KBAD"],
      ["gather", "sports.ohio", "--count", "1"],
      ["dead-letters", "list"],
      ["dead-letters", "list", "--json"],
      ["dead-letters", "show", id],
    ]) {
      const { output, errors } = await weather(...words);
      const said = [...output, ...errors].join("\n");
      expect(said).toMatch(/owned|no-reply-to/);
      expect(said, words.join(" ")).not.toMatch(controls);
      expect(said).not.toMatch(/^weather: all is well/m);
    }
  });
});
