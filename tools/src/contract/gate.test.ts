import { describe, expect, it } from "vitest";
import { breaks } from "./breaks.ts";
import { lastReleased } from "./released.ts";
import { contract } from "./schemas.ts";

// Apart from contract.test.ts, whose examples may not even be read after such a change.
describe("the contract", () => {
  it("breaks nothing for older clients and servers", () => {
    expect(breaks(lastReleased(), contract)).toEqual([]);
  });

  it("is never older than what was released", () => {
    expect(contract.version).toBeGreaterThanOrEqual(lastReleased().version);
  });

  it("would break with no days", () => {
    const { request } = contract;
    const most = String(request.properties?.days?.maximum);
    const days = { ...request.properties?.days, maximum: 0 };
    const none = { ...contract, request: { ...request, properties: { ...request.properties, days } } };
    expect(breaks(contract, none)).toEqual([`request.days: maximum ${most} became 0`]);
    expect(breaks(contract, { ...none, version: contract.version + 1 })).toHaveLength(1);
  });

  it.each(["stations", "status"] as const)(
    "would break without the question for %s, once that is released",
    (kind) => {
      const { [kind]: conversation, ...without } = contract;
      expect(breaks(contract, without)).toEqual([`${kind}.request: was removed`]);
      expect(breaks({ ...without, version: 1 }, { ...without, [kind]: conversation })).toEqual([]);
    },
  );
});
