import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { reply as replySchema } from "@weather/contracts";
import { AppProcess, canRun } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ohio, test } from "./farm.ts";
import { CommandInTerminal } from "./terminal.ts";

const tell = (url: string, ...words: string[]) =>
  AppProcess.start("client", { arguments: words, environment: { AMQP_URL: url } });

/** Runs the command to its end without a farm. */
async function run(url: string, ...words: string[]) {
  const command = tell(url, ...words);
  return { code: await command.ended(), output: command.output, errors: command.errors };
}

const jqThere = canRun("jq");

const nowhere = "amqp://me:secret@127.0.0.1:1";

describe("the weather command", () => {
  test("shows one forecast day by day", async ({ serve, weather }) => {
    await serve("virginia");
    const words = ["virginia", "--station", "korf", "--start", "2026-07-04", "--days", "3", "--units", "us"];
    const { code, output } = await weather("forecast", ...words);
    expect(code).toBe(0);
    expect(output[0]).toMatch(/^Norfolk .*\(KORF\), virginia$/);
    expect(output[1]).toMatch(/Date +Summary +Low °F .* High °F .* in$/);
    expect(output.slice(2, 5).map((line) => line.slice(0, 15))).toEqual([
      "Sat  2026-07-04",
      "Sun  2026-07-05",
      "Mon  2026-07-06",
    ]);
  });

  test("writes with --json one object per line and nothing else", async ({ serve, weather }) => {
    await serve("ohio");
    const { code, output, errors } = await weather(
      "forecast",
      "ohio",
      "--count",
      "3",
      "--seed",
      "7",
      "--json",
    );
    expect([code, errors]).toEqual([0, []]);
    const lines = output.map((line) => JSON.parse(line) as { number: number; reply: object });
    expect(lines.map(({ number }) => number).sort()).toEqual([1, 2, 3]);
    for (const line of lines) expect(replySchema.parse(line.reply)).toMatchObject({ outcome: "forecast" });
  });

  test("shows servers and waiting requests", async ({ serve, weather }) => {
    await Promise.all([serve("ohio"), serve("ohio")]);
    const { code, output } = await weather("states");
    expect(code).toBe(0);
    expect(output[1]).toMatch(/^ohio +weather\.ohio +0 +2 +–$/);
    expect(output[2]).toMatch(/^virginia +weather\.virginia \(not there\) +– +– +–$/);
    const { output: lines } = await weather("states", "--json");
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      state: "ohio",
      queue: "weather.ohio",
      reachable: true,
      exists: true,
      waiting: 0,
      servers: 2,
    });
  });

  test("watches the farms, as JSON lines without a terminal", async ({ serve, vhost, client }) => {
    await serve("ohio", { CONCURRENCY: "1", FORECAST_CACHE: "0" });
    const watching = AppProcess.start("client", {
      arguments: ["states", "--watch", "--every", "200ms"],
      environment: { AMQP_URL: vhost.url, MANAGEMENT_URL: vhost.managementUrl },
    });
    const broker = await client();
    await watching.says('"state":"ohio"');
    type Seen = Record<"waiting" | "inFlight" | "perSecond" | "oldest", number>;
    const busy = () =>
      watching.output
        .map((line) => JSON.parse(line) as Partial<Seen>)
        .find(({ waiting, inFlight, perSecond, oldest }) => waiting && inFlight && perSecond && oldest);
    // RabbitMQ takes a sample every five seconds, and a rate needs two.
    const enough = performance.now() + 30_000;
    const ask = async (_: unknown, caller: number) => {
      for (let seed = caller; !busy() && performance.now() < enough; seed += 1_000)
        await broker.ask(ohio, { days: 10, members: 2000, seed }, { deadline: 60_000 });
    };
    await Promise.all(Array.from({ length: 1_000 }, ask));
    expect(busy()).toMatchObject({ state: "ohio", servers: 1 });
    const { waiting, perSecond, oldest } = busy() as Seen;
    expect(Math.abs(oldest - waiting / perSecond)).toBeLessThan(0.06);
    expect(await watching.stop("SIGINT")).toBe("SIGINT");
  });

  test("draws its table in place on a terminal, and restores the cursor on Ctrl-C", async ({
    serve,
    vhost,
    afterwards,
  }) => {
    await serve("ohio");
    const words = ["states", "--watch", "--every", "100ms"];
    const terminal = new CommandInTerminal(words, 80, { AMQP_URL: vhost.url });
    afterwards(() => terminal.kill());
    await until("one serves", () => /ohio +weather\.ohio +0 +1/.test(terminal.shown), 30_000);
    await serve("ohio");
    await until("two serve", () => /ohio +weather\.ohio +0 +2/.test(terminal.shown), 30_000);
    terminal.type("\u0003");
    await terminal.ended();
    const { shown } = terminal;
    expect(shown.match(/State +Queue/g)).toHaveLength(1);
    expect(shown.lastIndexOf("\u001b[?25h")).toBeGreaterThan(shown.lastIndexOf("\u001b[?25l"));
  });

  test("shows the plain table if the management API cannot be asked, and says why once", async ({
    serve,
    vhost,
    afterwards,
  }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const strange = createServer((request, response) => {
      response.end(
        request.url?.includes("ohio") ? "<html>login</html>" : '{"messages_unacknowledged":"many"}',
      );
    });
    await once(strange.listen(0, "127.0.0.1"), "listening");
    afterwards(() => strange.close());
    const { port } = strange.address() as AddressInfo;
    const instead =
      "expected a URL such as http://operator:PASSWORD@localhost:15673; in a password write # as %23";
    for (const [MANAGEMENT_URL, ...texts] of [
      [vhost.managementUrl.replace("guest:guest", "guest:wrong"), "answers 401 "],
      ["http://me:secret@127.0.0.1:1", "nobody answers at http://127.0.0.1:1 ("],
      [`http://me:secret@127.0.0.1:${port}`, "answers something that is no JSON", "that RabbitMQ does not"],
      ["http://operator:12#secret@127.0.0.1:1", instead],
      ["http://operator:12/secret@127.0.0.1:1", instead],
      ["http://operator:se#secret@127.0.0.1:1", instead],
      ["http://operator:secret%@127.0.0.1:1", "write it as %25"],
      ["localhost:15672", instead],
    ] as const) {
      const looking = AppProcess.start("client", {
        arguments: ["states"],
        environment: { AMQP_URL: vhost.url, MANAGEMENT_URL },
      });
      expect(await looking.ended()).toBe(0);
      expect(looking.output[0]).toMatch(/^State +Queue +Waiting +Servers +Observed$/);
      expect(looking.output[1]).toMatch(/^ohio +weather\.ohio +0 +1 +–$/);
      const said = looking.errors.join("\n");
      for (const text of texts) expect(said).toContain(text);
      expect(looking.errors).toHaveLength(texts.length);
      expect(said).not.toMatch(/secret|\n\s+at /);
    }
  });

  test("reads and writes in the units of --units", async ({ serve, weather }) => {
    await serve("ohio");
    const ask = async (...words: string[]) => {
      const { code, output, errors } = await weather("forecast", "OH", "--start", "2026-11-26", ...words);
      expect([code, errors]).toEqual([0, []]);
      return output;
    };
    const days = async (...words: string[]) =>
      (JSON.parse((await ask("--json", ...words))[0] ?? "") as { reply: { days: object[] } }).reply.days;
    const observed = await days("--observed", "11.111111,2.777778,0.508");
    expect(await days("--units", "us", "--observed", "52,37,0.02")).toEqual(observed);
    expect(await days("--observed", "52F,37F,0.02in")).toEqual(observed);
    expect(await days("--units", "us", "--observed", "11.111111C,2.777778C,0.508mm")).toEqual(observed);
    const frost = await days("--risk", "low<0");
    expect(await days("--units", "us", "--risk", "low<32")).toEqual(frost);
    expect(await days("--risk", "low<32F")).toEqual(frost);
    expect((await ask("--units", "us", "--risk", "low<32"))[1]).toMatch(/low < 32 °F$/);
    expect((await ask("--units", "us", "--risk", "precipitation>5mm"))[1]).toMatch(
      /precipitation > 0\.197 in$/,
    );
  });

  test("exits 64 for wrong usage, even if some requests could be answered", async ({ serve, weather }) => {
    await serve("ohio");
    const words = ["--start", "9999-12-28", "--count", "10", "--days", "1"];
    const { code, errors } = await weather("forecast", "ohio", ...words);
    expect([code, errors.join("\n")]).toEqual([64, expect.stringContaining("expected a date such as")]);
  });

  test("prints its advice once for any number of requests that were not answered in time", async ({
    serve,
    weather,
  }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const { code, errors } = await weather("forecast", "ohio", "va", "--count", "20", "--deadline", "1ms");
    expect(code).toBe(75);
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatch(/^weather: weather\.ohio did not answer within 0\.001 s: .* \(20 times\)$/);
    expect(errors[1]).toMatch(/^weather: weather\.virginia .* \(20 times\) --deadline allows more time\.$/);
    expect(errors.join("\n").match(/more time/g)).toHaveLength(1);
  });

  test("gathers every reply to one message", async ({ serve, weather }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const { code, output, errors } = await weather("gather", "sports.ohio", "--deadline", "1s");
    expect([code, errors]).toEqual([0, []]);
    expect(output.map((line) => (JSON.parse(line) as { state: string }).state)).toEqual(["ohio"]);
    const refused = await weather("gather", "news.virginia", "--body", '{"dayz":3}', "--count", "1");
    expect(refused.output[0]).toContain('"reason":"invalid-request"');
    const { code: none, errors: said } = await weather("gather", "sports.texas");
    expect([none, said[0]]).toEqual([69, expect.stringContaining("nobody serves sports.texas")]);
  });

  test("exits 65 when a request is refused, and says why", async ({ serve, weather }) => {
    await serve("ohio");
    const { code, errors } = await weather("forecast", "ohio", "--station", "KRIC");
    expect(code).toBe(65);
    expect(errors.join("\n")).toMatch(
      /^weather: ohio refused: ohio has no station KRIC: its stations are KCMH, /,
    );
  });

  test("exits 69 when nobody serves the state, and says how to start it", async ({ weather }) => {
    const { code, errors } = await weather("forecast", "ohio");
    expect(code).toBe(69);
    expect(errors).toEqual([
      "weather: nobody serves weather.ohio: no queue is bound to amq.topic for it. Start its servers with " +
        "`npm run farm` or `docker compose up`; `npx weather states` shows who listens.",
    ]);
  });

  test("exits 75 when there is no answer in time, with the counts of the queue", async ({
    serve,
    weather,
  }) => {
    await serve("ohio", { CONCURRENCY: "1" });
    const words = ["--count", "2000", "--members", "2000", "--days", "10", "--deadline", "300ms"];
    const { code, output, errors } = await weather("forecast", "ohio", ...words, "--concurrency", "2000");
    expect(code).toBe(75);
    expect(errors.join("\n")).toMatch(
      /weather\.ohio did not answer within 0\.3 s: [^;]+; 1 server listens to weather\.ohio, \d+ requests wait in it\./,
    );
    expect(output.at(-1)).toMatch(/^\d+ of 2000 answered: ohio \d+$/);
  });

  for (const [what, url, words, code, text] of [
    ["an unreachable broker", nowhere, ["states"], 69, "no broker answers at amqp://me@127.0.0.1:1"],
    ["a broker URL that is none", "localhost", ["states"], 64, "AMQP_URL: a broker URL has the form amqp://"],
    ["a misspelt state", nowhere, ["forecast", "ohoi"], 64, 'no state is called "ohoi". Did you mean ohio?'],
    [
      "a state without a farm",
      nowhere,
      ["forecast", "puerto", "rico"],
      64,
      "Puerto Rico has no farm yet: `npx nx g @weather/state:server puerto-rico` makes one.",
    ],
    [
      "days in words",
      nowhere,
      ["forecast", "ohio", "--days", "two"],
      64,
      '--days: expected a whole number from 1 to 10, got "two"',
    ],
    [
      "a low above the high",
      nowhere,
      ["forecast", "ohio", "--observed", "1,20,3"],
      64,
      "--observed: low: expected no more than the high",
    ],
    [
      "a temperature in millimetres",
      nowhere,
      ["forecast", "ohio", "--risk", "low<5mm"],
      64,
      "--risk: low: expected °C or °F, got mm",
    ],
    [
      "a bad date",
      nowhere,
      ["forecast", "ohio", "--start", "2026-02-30"],
      64,
      "--start: expected a date such as",
    ],
    [
      "too many days",
      nowhere,
      ["forecast", "ohio", "--days", "40"],
      64,
      "--days: expected a whole number from 1 to 10, got 40",
    ],
    [
      "a deadline without unit",
      nowhere,
      ["forecast", "ohio", "--deadline", "10"],
      64,
      "expected a time from 1ms to 576h, such as 30s or 2m, got 10",
    ],
    [
      "a deadline of a thousand years",
      nowhere,
      ["forecast", "ohio", "--deadline", "8766000h"],
      64,
      "expected a time from 1ms to 576h",
    ],
    ["an unknown option", nowhere, ["forecast", "ohio", "--dayz", "3"], 64, "Did you mean --days?"],
    ["a body that is no JSON", nowhere, ["gather", "sports.ohio", "--body", "{"], 64, "JSON at position"],
    ["no state", nowhere, ["forecast"], 64, "missing required argument 'state'"],
    ["a command that there is not", nowhere, ["towns"], 64, "See npx weather --help."],
    ["no command", nowhere, [], 64, "Usage: npx weather"],
  ] as const) {
    test(`takes ${what} for what it is: exit ${code}, one paragraph, no stack trace`, async () => {
      const end = await run(url, ...words);
      expect(end.code).toBe(code);
      expect(end.output).toEqual([]);
      const said = end.errors.join("\n");
      expect(said).toContain(text);
      expect(said).not.toMatch(/secret|\n\s+at /);
    });
  }

  test("says for a wrong password where the password comes from", async ({ vhost }) => {
    const end = await run(vhost.url.replace("guest:guest", "guest:secret"), "states");
    expect(end.code).toBe(69);
    expect(end.errors).toHaveLength(1);
    expect(end.errors[0]).toMatch(/refused the user name or password.*AMQP_URL/);
    expect(end.errors[0]).not.toContain("secret");
  });

  test("prints help", async () => {
    const end = await run(nowhere, "--help");
    expect(end.code).toBe(0);
    expect(end.output.join("\n")).toMatch(/Examples:[^]*Exit codes:/);
  });

  test("prints examples that work as they are printed", async ({ serve, vhost }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const { output } = await run(nowhere, "--help");
    const examples = output.filter((line) => line.startsWith("  npx weather ")).map((line) => line.trim());
    expect(examples.length).toBeGreaterThan(5);
    const end = (example: string) =>
      spawnSync("bash", ["-o", "pipefail", "-c", example], {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        encoding: "utf8",
        env: { ...process.env, AMQP_URL: vhost.url },
      });
    for (const example of examples) {
      const { status, stderr } = end(jqThere ? example : example.replace(/ \| jq .*/, ""));
      expect(`${example}: exit ${status} ${stderr}`).toBe(`${example}: exit 0 `);
    }
  });
});
