import { describe, expect } from "vitest";
import * as z from "zod";
import { ForeignClient } from "./foreign-client.ts";
import { request, sports, test as base } from "./sports.ts";

// Two versions of one contract: the second may also ask for a league.
const v1 = { ...sports, version: 1 };
const v2 = { ...sports, version: 2, request: request.extend({ league: z.string().optional() }) };

type Version = typeof v1 | typeof v2;

const refuse = ({ reason, message }: { reason: string; message: string }) => ({ by: reason, says: message });
const tooNew = "the request is of contract version 2: this server speaks version 1";

const test = base.extend<{
  foreign: ForeignClient;
  /** A server of one version. */
  serve: (version: Version) => Promise<void>;
}>({
  foreign: async ({ vhost, afterwards }, use) => {
    const client = await ForeignClient.connect(vhost.url);
    afterwards(() => client.close());
    await use(client);
  },
  serve: async ({ open }, use) => {
    await use(async (conversation) => {
      const server = await open();
      const by = `version ${conversation.version}`;
      await server.answer(conversation, ({ team }) => ({ by, says: team }), { refuse });
    });
  },
});

describe("a server of version 1", () => {
  test("refuses a request of version 2, and says which one it speaks", async ({ serve, open }) => {
    await serve(v1);
    const client = await open();
    const refusal = { by: "unsupported-version", says: tooNew };
    expect(await client.ask(v2, { team: "Reds" })).toEqual(refusal);
    // The reason is the version, not an unknown field, because the sender needs a newer server.
    expect(await client.ask(v2, { team: "Reds", league: "NL" })).toEqual(refusal);
    expect(await client.ask(v1, { team: "Reds" })).toEqual({ by: "version 1", says: "Reds" });
  });

  const headers: [string, unknown, { by: string; says?: string }][] = [
    ["without the header", undefined, { by: "version 1" }],
    ["with its own version", 1, { by: "version 1" }],
    ["with its own version as text", "1", { by: "version 1" }],
    ["with version 2 as text", "2", { by: "unsupported-version", says: tooNew }],
    ["with version 0", 0, { by: "unsupported-version" }],
    ["with version 1.5", 1.5, { by: "unsupported-version" }],
    ["with no version at all", { "1": 1 }, { by: "unsupported-version" }],
  ];
  for (const [name, version, expected] of headers) {
    test(`answers a foreign request ${name}: ${expected.by}`, async ({ serve, foreign }) => {
      await serve(v1);
      foreign.publish("sports.ohio", '{"team":"Reds"}', {
        replyTo: foreign.queue,
        correlationId: "1",
        ...(version !== undefined && { headers: { "contract-version": version } }),
      });
      expect(await foreign.reply("1")).toMatchObject(expected);
    });
  }
});

describe("a server of version 2", () => {
  test("answers a client of version 1, and one of version 2", async ({ serve, open }) => {
    await serve(v2);
    const client = await open();
    expect(await client.ask(v1, { team: "Reds" })).toEqual({ by: "version 2", says: "Reds" });
    expect(await client.ask(v2, { team: "Reds", league: "NL" })).toEqual({ by: "version 2", says: "Reds" });
  });
});

describe("servers of both versions at one queue", () => {
  test("answer every request of version 1, and each answers version 2 by its own version", async ({
    serve,
    open,
  }) => {
    await serve(v1);
    await serve(v2);
    const client = await open();
    const ask = async (version: Version) => {
      const replies = await Promise.all(
        Array.from({ length: 40 }, () => client.ask(version, { team: "Reds" })),
      );
      return new Set(replies.map(({ by }) => by));
    };
    expect(await ask(v1)).toEqual(new Set(["version 1", "version 2"]));
    expect(await ask(v2)).toEqual(new Set(["unsupported-version", "version 2"]));
  });
});

describe("a gathered message", () => {
  test("carries its version", async ({ serve, open }) => {
    await serve(v1);
    const client = await open();
    for await (const { reply } of client.gather(v2, { team: "Reds" }, { count: 1 })) {
      expect(reply).toEqual({ by: "unsupported-version", says: tooNew });
    }
  });
});

describe("a conversation without a version", () => {
  test("compares no version", async ({ open }) => {
    const server = await open();
    await server.answer(sports, ({ team }) => ({ by: "daemon", says: team }), { refuse });
    const client = await open();
    expect(await client.ask(v2, { team: "Reds" })).toEqual({ by: "daemon", says: "Reds" });
  });
});
