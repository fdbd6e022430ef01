import { describe, expect } from "vitest";
import { field, RawConnection, table, type BytesOfMessage } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { NotReplayableError, type Broker } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test as base } from "./sports.ts";

const test = base.extend<{
  raw: RawConnection;
  server: Broker;
  waiting: (count: number) => Promise<void>;
}>({
  raw: async ({ vhost, afterwards }, use) => {
    const raw = await RawConnection.open(vhost.url);
    afterwards(() => raw.close());
    await use(raw);
  },
  server: async ({ open }, use) => {
    const broker = await open("server");
    await broker.answer(sports, ({ team }) => ({ by: "daemon", says: `go ${team}` }), { refuse });
    await use(broker);
  },
  /** Waits until there are so many dead letters. */
  waiting: async ({ open }, use) => {
    const broker = await open("operator");
    const queue = { queue: sports.deadLetter };
    await use((count) =>
      until(`${count} dead letters`, async () => (await broker.counts(queue))?.waiting === count),
    );
  },
});

/** Headers beyond the bounds of the decoder. */
const bombs: [what: string, headers: Buffer][] = [
  ["tables nested 4,000 deep", table(["t", field.nestedTables(4_000)])],
  ["arrays nested 5,000 deep", table(["t", field.nestedArrays(5_000)])],
  ["60,000 empty entries", table(...Array<[string, Buffer]>(60_000).fill(["", field.nothing()]))],
];
const request = { exchange: "amq.topic", routingKey: "sports.ohio", body: '{"team":"Reds"}' };
const ask = (client: Broker, team = "Browns") => client.ask(sports, { team });

describe("headers beyond the bounds", () => {
  for (const [what, headers] of bombs) {
    test(`end no connection: ${what}, in a request that becomes a dead letter`, async ({
      raw,
      server,
      open,
      waiting,
    }) => {
      const client = await open();
      raw.publish({ ...request, headers, replyTo: "nobody", correlationId: "bomb" });
      expect(await ask(client)).toEqual({ by: "daemon", says: "go Browns" });
      await waiting(1);
      const letters = await client.deadLetters(sports, 10);
      expect(letters.all).toMatchObject([
        { reason: "unreadable", correlationId: "bomb", queue: "sports", attempts: 1 },
      ]);
      expect(letters.all[0]?.message).toMatch(/nested deeper than 32|more than 4096/);
      await letters.close();
      expect(server.reconnections).toBe(0);
    });

    test(`end no connection: ${what}, in a notice of a cancelled request`, async ({ raw, server, open }) => {
      const client = await open();
      await ask(client);
      const cancelled = headers.subarray(4);
      const entry = table(["cancelled", field.text(sports.queue)]).subarray(4);
      const size = Buffer.alloc(4);
      size.writeUInt32BE(entry.length + cancelled.length);
      raw.publish({ exchange: "amq.headers", headers: Buffer.concat([size, entry, cancelled]), body: "x" });
      await raw.close();
      expect(await ask(client)).toEqual({ by: "daemon", says: "go Browns" });
      expect(server.reconnections).toBe(0);
    });

    test(`end no connection: ${what}, in a reply before the one that is waited for`, async ({
      raw,
      vhost,
      open,
      afterwards,
    }) => {
      const daemon = await ForeignClient.connect(vhost.url);
      afterwards(() => daemon.close());
      await daemon.channel.assertQueue("sports");
      await daemon.channel.bindQueue("sports", "amq.topic", "sports.#");
      await daemon.channel.consume(
        "sports",
        (message) => {
          const { replyTo, correlationId } = message?.properties as Record<
            "replyTo" | "correlationId",
            string
          >;
          raw.publish({ routingKey: replyTo, correlationId, headers, body: "{}" });
          void raw.close().then(() =>
            daemon.channel.publish("", replyTo, Buffer.from('{"by":"daemon","says":"late"}'), {
              correlationId,
            }),
          );
        },
        { noAck: true },
      );
      const client = await open();
      expect(await ask(client)).toEqual({ by: "daemon", says: "late" });
      expect(client.reconnections).toBe(0);
    });

    test(`do not prevent a look at dead letters: ${what}`, async ({
      raw,
      server,

      waiting,
    }) => {
      for (const correlationId of ["1", "2"]) {
        const own = { correlationId, replyTo: "nobody", body: "{}" };
        raw.publish({ ...own, routingKey: sports.deadLetter, headers });
        const forged = table(["x-original-queue", field.text("sports")]);
        raw.publish({ ...own, routingKey: sports.deadLetter, headers: forged });
      }
      await waiting(4);
      const letters = await server.deadLetters(sports, 10);
      const [bomb, other, second] = letters.all;
      if (!bomb || !other || !second) throw new Error("there are four");
      expect(bomb).toMatchObject({ reason: "unreadable", correlationId: "1" });
      await expect(letters.replay(bomb, 10_000)).rejects.toBeInstanceOf(NotReplayableError);
      expect(await letters.replay(other, 10_000)).toBe(true);
      letters.drop(bomb);
      await letters.close();
      await waiting(2);
    });
  }
});

describe("a body above the limit", () => {
  test("is skipped as it arrives, and refused with its size", async ({ vhost, raw, server, afterwards }) => {
    const foreign = await ForeignClient.connect(vhost.url);
    afterwards(() => foreign.close());
    const body = Buffer.alloc(60 * 2 ** 20, "x");
    raw.publish({ ...request, body, replyTo: foreign.queue, correlationId: "large" });
    foreign.publish("sports.ohio", request.body, { replyTo: foreign.queue, correlationId: "small" });
    expect(await foreign.reply("large")).toEqual({
      by: "refusal",
      says: `the body has ${body.length} bytes, and at most 65536 are read`,
    });
    expect(await foreign.reply("small")).toMatchObject({ by: "daemon" });
    expect(server.reconnections).toBe(0);
  });

  test("is not in its dead letter, which says so", async ({ raw, server, waiting }) => {
    raw.publish({ ...request, body: Buffer.alloc(2 ** 20, "x") });
    await waiting(1);
    const letters = await server.deadLetters(sports, 10);
    expect(letters.all).toMatchObject([{ reason: "no-reply-to", body: Buffer.alloc(0) }]);
    await letters.close();
  });
});

describe("headers that can be read but not written", () => {
  const message: BytesOfMessage = {
    ...request,
    correlationId: "1",
    timestamp: 2n ** 64n - 1n,
    appId: Buffer.alloc(255, 0xff),
    headers: table(
      ["harmless", field.int(7)],
      ["marked", field.table(["!", field.text("nothing")])],
      ["time", field.timestamp(2n ** 64n - 1n)],
      ["long", field.long(-(2n ** 63n))],
      ["__proto__", field.table(["CC", field.text("x")])],
      [Buffer.alloc(255, 0xff), field.int(1)],
      ["large", field.text("x".repeat(70_000))],
    ),
  };

  test("are left out of the dead letter and named there; all others are as they came", async ({
    vhost,
    raw,
    server,
    waiting,
    afterwards,
  }) => {
    raw.publish(message);
    await waiting(1);
    const foreign = await ForeignClient.connect(vhost.url);
    afterwards(() => foreign.close());
    const letter = await foreign.get(sports.deadLetter);
    expect(letter?.properties.headers).toMatchObject({
      harmless: 7,
      time: { "!": "timestamp", value: 2 ** 64 },
      long: -(2 ** 63),
      "x-failure-reason": "no-reply-to",
    });
    const note = letter?.properties.headers?.["x-not-copied"] as string;
    for (const name of ["timestamp", "appId", "marked", "large", "\ufffd"]) expect(note).toContain(name);
    expect(note).not.toContain("harmless");
    expect(server.reconnections).toBe(0);
  });

  test("prevent neither the refusals of others nor their replay", async ({ raw, open, waiting }) => {
    const server = await open();
    const crash = () => {
      throw new Error("the cheerleader fell");
    };
    await server.answer(sports, crash, { refuse });
    const client = await open();
    raw.publish({ ...message, replyTo: "nobody" });
    expect(await ask(client)).toMatchObject({ by: "refusal" });
    await waiting(2);
    const letters = await client.deadLetters(sports, 10);
    for (const letter of letters.all) expect(await letters.replay(letter, 10_000)).toBe(true);
    await letters.close();
  });
});
