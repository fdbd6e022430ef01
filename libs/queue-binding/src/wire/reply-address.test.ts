import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReplyAddress } from "./reply-address.ts";

describe("parseReplyAddress", () => {
  it.each([
    ["weather.replies", { exchange: "", routingKey: "weather.replies" }],
    ["amq.rabbitmq.reply-to.g1h2", { exchange: "", routingKey: "amq.rabbitmq.reply-to.g1h2" }],
    ["direct://amq.direct/some.key", { exchange: "amq.direct", routingKey: "some.key" }],
    ["topic://amq.topic/a/b", { exchange: "amq.topic", routingKey: "a/b" }],
    ["fanout://news/", { exchange: "news", routingKey: "" }],
    ["direct:///queue", { exchange: "", routingKey: "queue" }],
    ["no://slash", { exchange: "", routingKey: "no://slash" }],
  ])("reads %s", (replyTo, address) => {
    expect(parseReplyAddress(replyTo)).toEqual(address);
  });

  it.each([undefined, null, 3, "", "direct:///", "x".repeat(256), `direct://${"é".repeat(128)}/key`])(
    "finds no address in %j",
    (replyTo) => {
      expect(parseReplyAddress(replyTo)).toBeUndefined();
    },
  );

  it("reads every publication address, and never throws", () => {
    const name = fc.string({ maxLength: 60 }).filter((text) => !text.includes("/"));
    fc.assert(
      fc.property(
        fc.constantFrom("direct", "topic", "fanout", "x-custom"),
        name,
        fc.string({ maxLength: 60 }),
        (type, exchange, routingKey) => {
          const address = parseReplyAddress(`${type}://${exchange}/${routingKey}`);
          expect(address).toEqual(exchange || routingKey ? { exchange, routingKey } : undefined);
        },
      ),
    );
    fc.assert(fc.property(fc.anything(), (anything) => void parseReplyAddress(anything)));
  });
});
