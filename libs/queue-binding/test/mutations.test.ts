import fc from "fast-check";
import { describe, expect } from "vitest";
import { field, messageBytes, RawConnection, table } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import type { Broker } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test } from "./sports.ts";

// Valid frames with some of their bytes changed, at a real server. RabbitMQ ends the connection of whoever sends what is no
// AMQP; whatever it lets through, the server must bear. MUTATIONS_SEED repeats a run, MUTATIONS_TIME (ms) makes it longer.
const seed = Number(process.env["MUTATIONS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const time = Number(process.env["MUTATIONS_TIME"] ?? 10_000);

const text = fc.string({ unit: "binary", maxLength: 30 });
const { value } = fc.letrec<{ value: Buffer }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 40 },
    text.map(field.text),
    fc.integer({ min: 0, max: 2 ** 31 }).map(field.int),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(field.timestamp),
    fc
      .uint8Array({ maxLength: 10 })
      .map((bytes) => field.raw("d", Buffer.concat([bytes, Buffer.alloc(8)]).subarray(0, 8))),
    fc.nat(40).map(field.nestedTables),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => field.array(...items)),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 3 }).map((entries) => field.table(...entries)),
  ),
}));
const name = fc.oneof(
  text,
  fc.constantFrom(
    "batch",
    "batch-limit",
    "contract-version",
    "traceparent",
    "x-death",
    "x-delivery-count",
    "x-tried",
  ),
);
const message = fc.record(
  {
    exchange: fc.constantFrom("amq.topic", "amq.headers"),
    routingKey: fc.constant("sports.ohio"),
    headers: fc
      .array(fc.tuple(name, value), { maxLength: 4 })
      .map((entries) => table(["cancelled", field.text(sports.queue)], ...entries)),
    body: fc.oneof(
      text,
      fc.json(),
      fc.constantFrom('{"team":"Reds"}', '[["1",{"team":"Reds"}]]', "[".repeat(5_000)),
    ),
    contentType: text,
    deliveryMode: fc.nat(255),
    priority: fc.nat(255),
    correlationId: text,
    replyTo: fc.oneof(
      text,
      fc.constantFrom(
        "sports",
        "direct://amq.topic/sports.ohio",
        "fanout://amq.fanout/",
        "direct://no/thing",
        "amq.rabbitmq.reply-to.g1h2AA5yZXBseUA1=.AAAA",
      ),
    ),
    expiration: fc.constantFrom("0", "1", "60000"),
    messageId: text,
    timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    type: text,
    appId: text,
  },
  { requiredKeys: ["exchange", "routingKey", "body"] },
);
/** Bytes to change: the position, from 0 to 1, and the difference. Most messages have no change, so that they get through. */
const changes = fc.array(
  fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 255 })),
  {
    maxLength: 3,
  },
);

describe("a server that gets valid frames with some of their bytes changed", () => {
  test(
    `stays connected or is back within a second, and answers everybody else (MUTATIONS_SEED=${seed})`,
    { timeout: time + 60_000 },
    async ({ open, vhost, afterwards }) => {
      const servers = [await open("server"), await open("server")];
      for (const server of servers) {
        await server.answer(sports, ({ team }) => ({ by: "daemon", says: team }), { refuse });
      }
      const client = await open("client");
      const foreign = await ForeignClient.connect(vhost.url);
      afterwards(() => foreign.close());
      let raw = await RawConnection.open(vhost.url);
      afterwards(() => raw.close());
      let sent = 0;
      let number = 0;
      const send = async (messages: [Parameters<typeof messageBytes>[1], [number, number][]][]) => {
        for (const [given, changed] of messages) {
          if (raw.closed) raw = await RawConnection.open(vhost.url);
          const bytes = messageBytes(1, given);
          for (const [where, by] of changed) {
            const at = Math.floor(where * bytes.length);
            bytes[at] = ((bytes[at] ?? 0) + by) % 256;
          }
          raw.write(bytes);
          sent += 1;
        }
      };
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(message, fc.oneof(fc.constant<[number, number][]>([]), changes)), {
            minLength: 1,
            maxLength: 10,
          }),
          async (messages) => {
            await send(messages);
            const asked = Array.from({ length: 3 }, () => `good ${(number += 1)}`);
            const answers = asked.map((team) => client.ask(sports, { team }, { deadline: 20_000 }));
            expect(await Promise.all(answers)).toEqual(asked.map((team) => ({ by: "daemon", says: team })));
            for (const server of servers) await back(server);
            expect(client.reconnections).toBe(0);
          },
        ),
        { seed, numRuns: 1_000_000, interruptAfterTimeLimit: time, endOnFailure: true },
      );
      console.log(`${sent} messages with changed bytes, ${number} beside them answered`);
      expect(servers.map(({ reconnections }) => reconnections)).toEqual([0, 0]);
    },
  );
});

/** Waits until a server is connected. @throws if it is not within a second */
async function back(server: Broker): Promise<void> {
  if (server.connected) return;
  await until("the server is back", () => server.connected, 1_000);
}
