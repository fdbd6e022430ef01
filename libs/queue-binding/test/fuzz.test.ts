import type { Options } from "amqplib";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import type { Settled } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test } from "./sports.ts";

// Any content of a message. Strings are short strings, for which AMQP allows 255 bytes.
const text = fc.string({ unit: "binary", maxLength: 60 });
const body = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((json) => Buffer.from(json)),
  fc
    .constantFrom("{", '{"team":"Reds"}', '{"team":"Reds","delay":-1}', '{"__proto__":{}}')
    .map((json) => Buffer.from(json)),
  fc.record({ team: fc.anything() }).map((value) => Buffer.from(JSON.stringify(value) ?? "")),
);
const headerValue = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  // RabbitMQ has no other numbers, and closes the connection of who sends one.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ "!": "double", value })),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
);
const properties = fc.record(
  {
    correlationId: text,
    messageId: text,
    contentType: fc.oneof(text, fc.constantFrom("application/xml", "text/plain")),
    contentEncoding: text,
    type: text,
    appId: text,
    priority: fc.integer({ min: 0, max: 255 }),
    expiration: fc.constantFrom("0", "1", "60000", "4294967295"),
    headers: fc.dictionary(
      fc.oneof(text, fc.constantFrom("traceparent", "x-death", "x-delivery-count", "x-acquired-count", "CC")),
      headerValue,
      { maxKeys: 5 },
    ),
    replyTo: fc.oneof(
      text,
      fc.constantFrom(
        "sports",
        "direct://amq.topic/sports.ohio",
        "direct:///",
        "://",
        "fanout://amq.fanout/",
      ),
    ),
  },
  { requiredKeys: [] },
);

/** CC must be a list of strings, says RabbitMQ, and closes the sender's channel: no such message reaches a server. */
function sendable({ headers = {}, ...others }: Options.Publish): Options.Publish {
  const { CC, ...rest } = headers as Record<string, unknown>;
  return { ...others, headers: { ...rest, ...(Array.isArray(CC) && { CC }) } };
}

describe("the request server", () => {
  test("settles every possible message once, and answers the next one", async ({
    open,
    vhost,
    afterwards,
  }) => {
    const settled: Settled[] = [];
    const server = await open();
    const serving = await server.answer(sports, ({ team }) => ({ by: "daemon", says: team }), {
      refuse,
      onSettled: (one) => settled.push(one),
    });
    const foreign = await ForeignClient.connect(vhost.url);
    afterwards(() => foreign.close());
    let good = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(body, properties), { minLength: 1, maxLength: 20 }),
        async (messages) => {
          settled.length = 0;
          for (const [content, given] of messages) {
            foreign.publish("sports.ohio", content, sendable(given));
          }
          const id = `good-${(good += 1)}`;
          foreign.publish("sports.ohio", '{"team":"Reds"}', { replyTo: foreign.queue, correlationId: id });
          expect(await foreign.reply(id)).toEqual({ by: "daemon", says: "Reds" });
          // It came last, so the server has got all others.
          await until("nothing is left", () => serving.inFlight === 0 && serving.waiting === 0);
          // The broker drops expired messages, and never delivers them.
          const dropped = messages.filter(([, { expiration }]) => expiration === "0" || expiration === "1");
          expect(settled.length).toBeLessThanOrEqual(messages.length + 1);
          expect(settled.length).toBeGreaterThanOrEqual(messages.length + 1 - dropped.length);
          for (const { outcome, error } of settled) {
            expect(outcome).toMatch(/^(answered|expired|dead-lettered)$/);
            // No dead letter may fail because AMQP cannot carry it.
            expect(error).not.toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 100, endOnFailure: true },
    );
  });
});
