import { describe, expect, it } from "vitest";
import { breaks } from "./breaks.ts";
import { wholeContract as contract } from "./openapi.ts";
import type { Contract, Schema } from "./schemas.ts";
import { lastReleased } from "./released.ts";

// Not in contract.test.ts, whose examples may be invalid after such a change.
describe("the contract", () => {
  it("breaks nothing for older clients and servers", () => {
    expect(breaks(lastReleased(), contract)).toEqual([]);
  });

  it("is never older than the released one", () => {
    expect(contract.version).toBeGreaterThanOrEqual(lastReleased().version);
  });

  it("would break without days", () => {
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

  it("would break without a route, a parameter or a field of the gateway, once that is released", () => {
    const path = "GET /v1/forecasts/{state}";
    const { [path]: forecast, ...others } = contract.http ?? {};
    const { days, ...fewer } = forecast?.request.properties ?? {};
    const without = (properties: typeof fewer) => ({
      ...contract,
      http: { ...others, [path]: { ...forecast, request: { ...forecast?.request, properties } } },
    });
    expect(breaks(contract, { ...contract, http: others })).toEqual([`${path}: request: was removed`]);
    expect(breaks(contract, without(fewer) as Contract)).toEqual([`${path}: request.days: was removed`]);
    expect(
      breaks(without(fewer) as Contract, without({ ...fewer, days: days as Schema }) as Contract),
    ).toEqual([]);
    expect(breaks({ ...contract, http: {} }, contract)).toEqual([]);
  });
});
