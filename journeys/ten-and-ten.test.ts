import { describe, expect } from "vitest";
import { ohio, test, virginia } from "./farm.ts";

describe("two farms", () => {
  test("answer ten requests for Ohio and ten for Virginia, each by the right farm", async ({
    serve,
    weather,
  }) => {
    await Promise.all([serve("ohio"), serve("ohio"), serve("virginia"), serve("virginia")]);
    const { code, output, errors } = await weather("forecast", "ohio", "virginia", "--count", "10");
    expect(errors).toEqual([]);
    expect(output.at(-1)).toBe("20 of 20 answered: ohio 10, virginia 10");
    const rows = output.filter((line) => /^ ?\d+ {2}/.test(line));
    expect(rows).toHaveLength(20);
    for (const row of rows.slice(0, 10)) expect(row).toMatch(/ohio +KCMH .* ohio-server@/);
    for (const row of rows.slice(10)) expect(row).toMatch(/virginia +KRIC .* virginia-server@/);
    const servers = new Set(rows.map((row) => /\w+-server@\S+/.exec(row)?.[0]));
    expect(servers.size).toBe(4);
    expect(code).toBe(0);
  });

  test("get only their own messages: Ohio answers news.ohio, and Virginia does not", async ({
    serve,
    client,
  }) => {
    const [inOhio, inVirginia] = await Promise.all([
      serve("ohio", { LOG_LEVEL: "debug" }),
      serve("virginia", { LOG_LEVEL: "debug" }),
    ]);
    const broker = await client();
    const reply = await broker.ask({ ...ohio, routingKey: "news.ohio" }, {});
    expect(reply).toMatchObject({ outcome: "forecast", state: "ohio" });
    expect(await broker.ask(virginia, {})).toMatchObject({ state: "virginia" });
    await inOhio.says('"routingKey":"news.ohio"');
    expect(inVirginia.output.filter((line) => line.includes("news.ohio"))).toEqual([]);
  });

  test("give the same answer to the same request, whichever worker answers", async ({ serve, client }) => {
    await Promise.all([serve("ohio"), serve("ohio")]);
    const broker = await client();
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => broker.ask(ohio, { station: "KCLE", start: "2026-07-04", seed: 7 })),
    );
    const servers = new Set(replies.map(({ server }) => server));
    const days = new Set(replies.map((reply) => JSON.stringify("days" in reply && reply.days)));
    expect([servers.size, days.size]).toEqual([2, 1]);
  });

  test("refuse a request of a newer contract, and say their own version", async ({ serve, client }) => {
    await serve("ohio");
    const broker = await client();
    const { version } = ohio;
    expect(await broker.ask({ ...ohio, version: version + 1 }, {})).toMatchObject({
      outcome: "refused",
      state: "ohio",
      reason: "unsupported-version",
      message: `the request is of contract version ${version + 1}: this server speaks version ${version}`,
    });
  });

  test("refuse an invalid request, with a reason", async ({ serve, client }) => {
    await serve("ohio");
    const broker = await client();
    expect(await broker.ask(ohio, { station: "KRIC" })).toMatchObject({ reason: "unknown-station" });
    const anything = { version: 1, vendor: "journey", validate: (value: unknown) => ({ value }) } as const;
    const loose = { ...ohio, request: { "~standard": anything } };
    expect(await broker.ask(loose, { days: 5, dayz: 3 })).toMatchObject({
      outcome: "refused",
      state: "ohio",
      reason: "invalid-request",
      message:
        "unknown field dayz: the fields are kind, station, latitude, longitude, start, days, members, seed, observed, model, threshold",
    });
  });
});
