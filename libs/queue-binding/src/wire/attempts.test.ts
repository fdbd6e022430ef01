import { describe, expect, it } from "vitest";
import { describe as inWords } from "../errors.ts";
import { afterFailure, attemptAfter, historyHeaders, historyOf, PermanentError, spent } from "./attempts.ts";

const bad = new Error("bad luck");

describe("a request whose try has failed", () => {
  it("is tried again after 0.5 s, then after 2 s, then dead-lettered", () => {
    expect([1, 2, 3].map((attempt) => afterFailure(attempt, bad))).toEqual([
      { retryAfter: 500 },
      { retryAfter: 2_000 },
      { deadLetter: "given up after 3 tries: bad luck" },
    ]);
  });

  it("is dead-lettered at once when another try would only repeat the error", () => {
    expect(afterFailure(1, new PermanentError("too large"))).toEqual({
      deadLetter: "given up after 1 try: too large",
    });
  });

  it("is dead-lettered if its sender stops waiting before the next try, so that the sender still gets the reason", () => {
    expect(afterFailure(1, bad, 501)).toEqual({ retryAfter: 500 });
    expect(afterFailure(1, bad, 500)).toEqual({
      deadLetter: "given up after 1 try: bad luck (the next try would come too late)",
    });
  });
});

describe("the history of earlier tries", () => {
  it("travels in headers, and is empty if a header has nonsense", () => {
    const history = { failed: 1, lost: 2 };
    expect(historyOf({ headers: historyHeaders(history) })).toEqual(history);
    for (const headers of [{}, { "x-tried": -1, "x-lost": "2" }, { "x-tried": 0.5, "x-lost": {} }])
      expect(historyOf({ headers })).toEqual({ failed: 0, lost: 0 });
    expect(historyOf({ headers: { "x-tried": 1e9 } })).toEqual({ failed: 3, lost: 0 });
  });

  it("counts requests that were begun, not those that were only held", () => {
    expect(attemptAfter({ failed: 0, lost: 1 })).toBe(1);
    expect(attemptAfter({ failed: 1, lost: 2 })).toBe(3);
  });

  it("ends after three lost servers, or three tries", () => {
    expect(spent({ failed: 0, lost: 2 })).toBeUndefined();
    expect(spent({ failed: 2, lost: 1 })).toBeUndefined();
    expect(spent({ failed: 0, lost: 3 })).toContain("3 servers ended");
    expect(spent({ failed: 2, lost: 2 })).toContain("used up");
    expect(spent({ failed: 3, lost: 0 })).toContain("used up");
  });
});

describe("an error in words", () => {
  it("is short enough for a header, for anything that was thrown", () => {
    expect(inWords(bad)).toBe("bad luck");
    expect(inWords("plain")).toBe("plain");
    expect(inWords(undefined)).toBe("undefined");
    expect(inWords(Symbol("odd"))).toBe("Symbol(odd)");
    expect(inWords(Object.create(null))).toBe("something that cannot be put into words");
    const hostile = new Error();
    Object.defineProperty(hostile, "message", {
      get: () => {
        throw new Error("no");
      },
    });
    expect(inWords(hostile)).toBe("something that cannot be put into words");
    expect(inWords(new Error("°".repeat(100_000))).length).toBeLessThan(2_010);
  });
});
