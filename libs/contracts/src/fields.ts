import * as z from "zod";

/** A value as it can be shown in an error message: short, on one line. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  // Never printed whole: an array nested thousands deep would overflow the stack of JSON.stringify.
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  // JSON has no word for a number that is too large for it.
  return shortened(typeof value === "number" ? String(value) : JSON.stringify(value));
}

const shortened = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** Error texts of a field, for every way in which it can be wrong: what was expected, and what came instead. */
export const expected = (what: string) => ({
  error: (issue: { input?: unknown }) => `expected ${what}, got ${shown(issue.input)}`,
});

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number) {
  const issue = expected(`a whole number from ${min} to ${max}`);
  // A number that is too large to be exact is reported once.
  return z
    .int({ ...issue, abort: true })
    .min(min, issue)
    .max(max, issue);
}

/** An object that has these fields and no others, so that a typing error is never silently ignored. */
export function only<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown field ${shortened(issue.keys.join(", "))}: the fields are ${known}`
        : `expected an object, got ${shown(issue.input)}`,
  });
}

/** One of several objects that differ in the value of one field. */
export function oneOf<
  const Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(field: string, options: Options) {
  return z.discriminatedUnion(field, options, {
    error: (issue) => {
      if (issue.code !== "invalid_union") return `expected an object, got ${shown(issue.input)}`;
      const { input, options = [] } = issue as {
        input: Record<string, unknown>;
        options?: readonly unknown[];
      };
      const named = options.filter((option) => option !== undefined).map(shown);
      return `expected one of ${named.join(", ")}, got ${shown(input[field])}`;
    },
  });
}
