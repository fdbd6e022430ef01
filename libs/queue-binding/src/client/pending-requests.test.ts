import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { TooManyRequestsError, type Conversation } from "../index.ts";
import { messagesOf } from "./batcher.ts";
import { PendingRequests, type PendingRequest } from "./pending-requests.ts";
import { QueueMonitor } from "./queue-monitor.ts";

const queue = new QueueMonitor(0).queue("sports");
const conversation = { exchange: "amq.topic", routingKey: "sports.ohio", queue: "sports" } as Conversation;

const request = (id: string, more: Partial<PendingRequest> = {}): PendingRequest => ({
  id,
  conversation,
  queue,
  body: "{}",
  deadline: 1_000,
  expires: 1_000,
  caller: undefined,
  signal: undefined,
  context: ROOT_CONTEXT,
  together: true,
  batch: undefined,
  sent: 0,
  ...more,
});
const ids = (requests: readonly PendingRequest[]) => requests.map(({ id }) => id);

describe("pending requests", () => {
  it("get into flight in the order in which they came", () => {
    const pending = new PendingRequests({ maxInFlight: 2, maxMemory: 1e6 });
    const [one, ...rest] = ["1", "2", "3", "4"].map((id) => request(id));
    expect([one as PendingRequest, ...rest].map((each) => pending.add(each))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(ids(pending.inFlight())).toEqual(["1", "2"]);
    expect(pending.promote()).toBeUndefined();
    pending.remove(one as PendingRequest);
    expect(pending.promote()?.id).toBe("3");
    expect(pending.promote()).toBeUndefined();
    expect(ids(pending.inFlight())).toEqual(["2", "3"]);
  });

  it("are removed once, and then are not in flight and not next", () => {
    const pending = new PendingRequests({ maxInFlight: 1, maxMemory: 1e6 });
    const all = ["1", "2", "3"].map((id) => request(id));
    for (const each of all) pending.add(each);
    expect(all.map((each) => pending.remove(each))).toEqual([true, true, true]);
    expect(all.map((each) => pending.remove(each))).toEqual([false, false, false]);
    expect(pending.promote()).toBeUndefined();
    expect(pending.size).toBe(0);
  });

  it("have a limit in bytes, and free their memory", () => {
    const pending = new PendingRequests({ maxInFlight: 1, maxMemory: 10_000 });
    const large = () => request(String(Math.random()), { body: "x".repeat(3_000) });
    const all = [large(), large()];
    for (const each of all) pending.add(each);
    expect(() => pending.add(large())).toThrow(TooManyRequestsError);
    expect(pending.size).toBe(2);
    pending.remove(all[0] as PendingRequest);
    expect(pending.add(large())).toBe(false);
  });

  it("accept a request that is larger than the limit, if it is the only one", () => {
    const pending = new PendingRequests({ maxInFlight: 1, maxMemory: 10_000 });
    expect(pending.add(request("giant", { body: "x".repeat(20_000) }))).toBe(true);
    expect(() => pending.add(request("small"))).toThrow(/1 requests are not answered yet.*maxMemory/);
  });

  it("are found by the batch in which they travelled", () => {
    const pending = new PendingRequests({ maxInFlight: 3, maxMemory: 1e6 });
    for (const each of [request("1", { batch: "+a" }), request("2"), request("3", { batch: "+a" })])
      pending.add(each);
    expect(ids(pending.travelledAs("+a"))).toEqual(["1", "3"]);
    expect(ids(pending.travelledAs("2"))).toEqual(["2"]);
    expect(pending.travelledAs("4")).toEqual([]);
  });
});

describe("a batch", () => {
  it("has requests to one queue, with one contract, that expire within one tick", () => {
    const other = { ...conversation, routingKey: "sports.virginia" } as Conversation;
    const messages = messagesOf([
      request("1"),
      request("2", { conversation: other }),
      request("3"),
      request("4", { expires: 1_020 }),
      request("5", { expires: 1_100 }),
      request("6", { conversation: { ...conversation, version: 2 } }),
    ]);
    expect(messages.map(ids)).toEqual([["1", "3", "4"], ["2"], ["5"], ["6"]]);
  });

  it("is small enough that every server of the queue gets work", () => {
    const busy = { ...queue, servers: 2 };
    expect(messagesOf(["1", "2", "3", "4"].map((id) => request(id, { queue: busy }))).map(ids)).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  });
});
