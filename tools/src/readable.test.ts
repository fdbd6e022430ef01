import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { readable } from "./readable.ts";

/** What pino writes for a call of its `warn`. */
function logged(details: object, message: string): string {
  let line = "";
  pino({}, { write: (text: string) => (line = text) }).warn(details, message);
  return line.trim();
}

describe("a farm's log", () => {
  it("says why a request failed, and what the broker's reason was", () => {
    const failed = logged({ err: new Error("the model broke") }, "request failed");
    expect(readable("ohio-server", failed)).toBe(
      `ohio-server ${process.pid}: request failed (the model broke)`,
    );
    const lost = logged({ reason: "read ECONNRESET" }, "connection lost");
    expect(readable("ohio-server", lost)).toContain("connection lost (read ECONNRESET)");
  });

  it("passes on what is no JSON", () => {
    expect(readable("ohio-server", "out of memory")).toBe("ohio-server: out of memory");
  });
});
