import { isUtf8 } from "node:buffer";
import { describe, ValidationError, type What } from "../errors.ts";

/** Bodies are JSON in UTF-8. @throws {ValidationError} if JSON has no such value: `undefined`, a bigint, a circle */
export function encode(value: unknown, what: What = "reply"): string {
  let why = `, got ${typeof value}`;
  try {
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return text;
  } catch (error) {
    why = `: ${describe(error)}`;
  }
  throw new ValidationError(what, [{ path: "", message: `expected a value of JSON${why}` }]);
}

export const contentType = "application/json";

/** The error of a body above the limit. */
export const tooLarge = (what: What, size: number, limit: number) =>
  new ValidationError(what, [
    { path: "", message: `the body has ${size} bytes, and at most ${limit} are read` },
  ]);

/** @throws {ValidationError} if the body is not JSON in UTF-8, or larger than `limit` bytes */
export function decode(what: What, body: Buffer, limit = Infinity): unknown {
  const invalid = (message: string) => new ValidationError(what, [{ path: "", message }]);
  if (body.length > limit) throw tooLarge(what, body.length, limit);
  const text = body.toString();
  // The slow check runs only if a character could not be decoded.
  if (text.includes("\ufffd") && !isUtf8(body)) throw invalid("the body is not UTF-8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalid(
      body.length === 0 ? "the body is empty" : `the body is not JSON: ${(error as Error).message}`,
    );
  }
}
