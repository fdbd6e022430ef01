import { describe, expect } from "vitest";
import { AppProcess, FaultProxy, field, RawConnection, table } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { deadLetters, test as base } from "./farm.ts";

/** Ids of three dead letters, and a function that sends further requests. */
const test = base.extend<{ send: (body: string, properties: object) => Promise<unknown>; kept: string[] }>({
  send: async ({ vhost }, use) => {
    await use((payload, properties) =>
      vhost.manage("POST", `/exchanges/${vhost.name}/amq.topic/publish`, {
        routing_key: "weather.ohio",
        payload,
        payload_encoding: "string",
        properties,
      }),
    );
  },
  kept: async ({ serve, send, client, weather }, use) => {
    await serve("ohio");
    const broker = await client();
    const bodies = [
      ['{"days":3}', { correlation_id: "no reply-to" }],
      ['{"dayz":3}', { reply_to: "weather.virginia", correlation_id: "a deputy" }],
      ["\u001b[31m", { reply_to: "direct://nowhere/key", correlation_id: "no exchange" }],
    ] as const;
    for (const [count, [body, properties]] of bodies.entries()) {
      await send(body, properties);
      await until("it is kept", async () => (await broker.counts(deadLetters))?.waiting === count + 1);
    }
    const { output } = await weather("dead-letters", "list", "--json");
    await use(output.map((line) => (JSON.parse(line) as { id: string }).id));
  },
});

describe("weather dead-letters", () => {
  test("list decodes each: when, which queue, why, how often tried, the request, the schema's issue", async ({
    kept,
    weather,
  }) => {
    const { code, output } = await weather("dead-letters", "list");
    expect(code).toBe(0);
    expect(output[0]).toMatch(/^ID +When +Queue +Why +Tried +Request +Issue$/);
    expect(output[1]).toMatch(
      new RegExp(`^${kept[0]} +20\\d\\d-\\S+Z +weather\\.ohio +no-reply-to +1 +\\{"days":3\\} +–$`),
    );
    expect(output[2]).toMatch(/reply-not-allowed .*unknown field dayz/);
    expect(output[3]).toContain("reply-refused");
    expect(output).toHaveLength(4);
    expect(output.join("")).not.toContain("\u001b");
    expect((await weather("dead-letters", "list", "--state", "virginia")).output).toEqual([
      "no dead letters",
    ]);
  });

  test("list says when there may be more than it has looked at", async ({ kept, weather }) => {
    const { output, errors } = await weather("dead-letters", "list", "--json", "--limit", "2");
    expect(output.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(kept.slice(0, 2));
    expect(errors).toEqual(["weather: there may be more than these 2; --limit looks at more"]);
  });

  test("show prints everything, and why the contract refuses the body", async ({ kept, weather }) => {
    const { code, output } = await weather("dead-letters", "show", kept[1] ?? "");
    expect(code).toBe(0);
    const said = output.join("\n");
    expect(said).toMatch(/Why +reply-not-allowed: replies may not go to "weather\.virginia"/);
    expect(said).toMatch(/Reply to +weather\.virginia \(gone\)/);
    expect(said).toMatch(/Issue +unknown field dayz: the fields are kind, station/);
    expect(said).toMatch(/Correlation id +a deputy/);
  });

  test("replay gets dead letters answered, and leaves those that nobody waits for", async ({
    kept,
    weather,
    client,
  }) => {
    const broker = await client();
    const { code, output, errors } = await weather("dead-letters", "replay", "--all", "--state", "ohio");
    expect(code).toBe(65);
    expect(output).toEqual(["0 of 3 replayed"]);
    expect(errors).toEqual([
      `weather: ${kept[0]} is kept: it has no reply-to, and would only come back`,
      `weather: ${kept[1]} is kept: nobody waits for its reply any more; --without-reply replays it all the same`,
      `weather: ${kept[2]} is kept: nobody waits for its reply any more; --without-reply replays it all the same`,
    ]);
    // With --without-reply it is tried again. Here it fails, and becomes a dead letter again.
    const again = await weather("dead-letters", "replay", kept[1] ?? "", "--without-reply");
    expect([again.code, again.output]).toEqual([0, ["1 of 1 replayed"]]);
    await until("it is kept again", async () => (await broker.counts(deadLetters))?.waiting === 3);
  });

  test("drop deletes one", async ({ kept, weather }) => {
    const { code, output } = await weather("dead-letters", "drop", kept[0] ?? "");
    expect([code, output]).toEqual([0, [`${kept[0]} dropped`]]);
    const { output: rest } = await weather("dead-letters", "list");
    expect(rest.slice(1).map((line) => line.slice(0, 10))).toEqual(kept.slice(1));
  });

  test("says what is wrong with a command", async ({ kept, weather }) => {
    expect(kept).toHaveLength(3);
    for (const [words, text] of [
      [["drop", "0123456789"], "no dead letter has the ID 0123456789"],
      [["replay"], "expected either an ID or --all"],
      [["list", "--state", "ohoi"], "Did you mean ohio?"],
    ] as const) {
      const { code, errors } = await weather("dead-letters", ...words);
      expect([code, errors.join("\n")]).toEqual([64, expect.stringContaining(text)]);
    }
  });

  test("ends with a message wherever the line is cut", async ({ kept, vhost, afterwards }) => {
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const words = ["dead-letters", "show", kept[2] ?? ""];
    const ends: string[] = [];
    for (let bytes = 500; bytes <= 2_500; bytes += 400) {
      line.down.cutAfter = bytes;
      const command = AppProcess.start("client", {
        arguments: words,
        environment: { AMQP_URL: line.through(vhost.url) },
      });
      afterwards(() => command.stop("SIGKILL"));
      ends.push(`${await command.ended()} ${command.errors.at(-1)}`);
    }
    const text =
      "69 weather: the connection to the broker was lost; what was not replayed or dropped is kept. ";
    expect(ends).toContainEqual(expect.stringContaining(text));
  });

  test("with hostile headers are listed, shown, dropped, or kept by a replay that goes on with the others", async ({
    serve,
    vhost,
    weather,
    client,
    afterwards,
  }) => {
    await serve("ohio");
    const raw = await RawConnection.open(vhost.url);
    afterwards(() => raw.close());
    const queue = ["x-original-queue", field.text("weather.ohio")] as [string, Buffer];
    const hostile = [
      table(["t", field.nestedTables(4_000)], queue),
      table(["x-death", field.array(field.int(1))], queue),
      table(["x-death", field.array(field.table(["queue", field.int(1)]))], queue),
      table(["x-failed-at", field.text("soon")], ["x-attempts", field.text("\u001b[31mmany")], queue),
      table(["x-failure-reason", field.table(["!", field.nothing()])], queue),
      table(["time", field.timestamp(2n ** 64n - 1n)], ["table", field.table(["!", field.text("x")])], queue),
    ];
    for (const headers of hostile)
      raw.publish({ routingKey: deadLetters.queue, headers, body: "{}", replyTo: "nobody" });
    const broker = await client();
    await until("they are there", async () => (await broker.counts(deadLetters))?.waiting === 6);
    const list = await weather("dead-letters", "list", "--json");
    const ids = list.output.map((line) => (JSON.parse(line) as { id: string }).id);
    expect([list.code, ids.length]).toEqual([0, 6]);
    for (const id of ids) expect((await weather("dead-letters", "show", id)).code).toBe(0);
    const replay = await weather("dead-letters", "replay", "--all", "--without-reply");
    expect([replay.code, replay.output]).toEqual([65, ["5 of 6 replayed"]]);
    expect(replay.errors).toEqual([
      expect.stringMatching(`${ids[0]} is kept: it cannot be sent as it was: .*nested deeper than 32`),
    ]);
    const drop = await weather("dead-letters", "drop", ids[0] ?? "");
    expect([drop.code, drop.output]).toEqual([0, [`${ids[0]} dropped`]]);
  });

  test("of a broker without a farm are none", async ({ weather }) => {
    const { code, output } = await weather("dead-letters", "list");
    expect([code, output]).toEqual([0, ["no dead letters"]]);
  });
});
