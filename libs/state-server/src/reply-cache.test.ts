import { forecastFrom, type ReadRequest, type Reply } from "@weather/contracts";
import { describe, expect, it } from "vitest";
import { withReplyCache } from "./reply-cache.ts";

const ask = (seed: number): ReadRequest => forecastFrom("ohio").request.parse({ seed });
const replyTo = ({ seed }: ReadRequest, message: string): Reply => ({
  outcome: "refused",
  state: "ohio",
  server: "test",
  reason: "overloaded",
  message: `${seed} ${message}`,
  details: [],
});

describe("a server with a reply cache", () => {
  it("gives the same frozen reply to equal requests, and keeps the replies used last", () => {
    let handled = 0;
    const process = withReplyCache((request) => replyTo(request, `${(handled += 1)}`), {
      entries: 2,
      name: ({ seed }) => String(seed),
    });
    const replies = [1, 1, 2, 1, 3, 2].map((seed) => process(ask(seed)));
    const messages = ["1 1", "1 1", "2 2", "1 1", "3 3", "2 4"].map((message) => ({ message }));
    expect(replies).toMatchObject(messages);
    expect(replies[1]).toBe(replies[0]);
    expect(replies.every(Object.isFrozen)).toBe(true);
  });

  it("caches no reply whose key has changed meanwhile, as at midnight", () => {
    let day = "Monday";
    let handled = 0;
    const handle = (request: ReadRequest) => {
      day = "Tuesday";
      return replyTo(request, `${(handled += 1)}`);
    };
    const process = withReplyCache(handle, { entries: 10, name: () => day });
    void process(ask(1));
    day = "Monday";
    expect(process(ask(1))).toMatchObject({ message: "1 2" });
  });

  it("caches no promise", () => {
    const process = withReplyCache((request) => Promise.resolve(replyTo(request, "")), {
      entries: 10,
      name: () => "same",
    });
    expect(process(ask(1))).not.toBe(process(ask(1)));
  });

  it("caches no failure", () => {
    let tries = 0;
    const handle = (request: ReadRequest) => {
      if ((tries += 1) === 1) throw new Error("bad luck");
      return replyTo(request, "");
    };
    const process = withReplyCache(handle, { entries: 10, name: ({ seed }) => String(seed) });
    expect(() => process(ask(1))).toThrow("bad luck");
    expect(process(ask(1))).toMatchObject({ message: "1 " });
  });
});
