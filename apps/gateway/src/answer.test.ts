import { describe, expect, it } from "vitest";
import { Answer } from "./answer.ts";

const content = { state: "ohio", days: [{ server: "1", summary: '"server":"a"' }] };
const said = (issuedAt: string, server: string) => ({ ...content, issuedAt, server });
/** The digest of a body whose parts stand on lines of their own if `space` is given, as other languages may write it. */
const digest = (reply: { issuedAt: string; server: string }, space?: number) =>
  new Answer(Buffer.from(JSON.stringify(reply, undefined, space)), reply, 0).digest;

describe("the digest of an answer", () => {
  const first = said("2026-11-26T10:00:00.000Z", "a");
  const again = said("2026-11-26T11:00:00.000Z", 'b "2"');

  it("is the same from another server at another time, also if it writes spaces", () => {
    expect(digest(again)).toBe(digest(first));
    expect(digest(again, 2)).toBe(digest(first, 2));
  });

  it("differs for other content", () => {
    const other = { ...first, days: [] };
    expect(digest(other)).not.toBe(digest(first));
    expect(digest(other, 2)).not.toBe(digest(first, 2));
  });
});
