import { describe, expect, it } from "vitest";
import type { Conversation } from "../index.ts";
import { CancelledRequests } from "./cancelled-requests.ts";

const conversation = {} as Conversation;
const ids = (requests: readonly { id: string }[]) => requests.map(({ id }) => id);

describe("cancelled requests", () => {
  it("are notified once, and again when the broker returns the notice", () => {
    const cancelled = new CancelledRequests();
    for (const id of ["1", "2"]) cancelled.add({ id, conversation, expires: 1_000 });
    expect(ids(cancelled.take(0))).toEqual(["1", "2"]);
    expect(ids(cancelled.take(0))).toEqual([]);
    cancelled.returned("2");
    expect(ids(cancelled.take(0))).toEqual(["2"]);
  });

  it("are not notified any more once the broker has dropped the request", () => {
    const cancelled = new CancelledRequests();
    cancelled.add({ id: "1", conversation, expires: 1_000 });
    cancelled.take(0);
    cancelled.returned("1");
    expect(cancelled.take(1_000)).toEqual([]);
    expect(cancelled.take(0)).toEqual([]);
  });

  it("are bounded: the oldest are forgotten", () => {
    const cancelled = new CancelledRequests();
    for (let id = 1; id <= 5_000; id += 1) cancelled.add({ id: String(id), conversation, expires: 1_000 });
    const told = ids(cancelled.take(0));
    expect([told.length, told.at(-1)]).toEqual([2_048, "5000"]);
    for (const id of told) cancelled.returned(id);
    expect(cancelled.take(0)).toHaveLength(2_048);
  });
});
