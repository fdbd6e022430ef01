import { isDeepStrictEqual } from "node:util";
import type { Contract, Schema } from "./schemas.ts";

// Requests go from an older client to a newer server: the new schema must accept every request that the old one accepts.
// Replies go from a newer server to an older client: the old schema must accept every reply that the new one allows. Clients
// ignore unknown fields, so a reply may have new ones.
type Side = "request" | "reply";
type Conversation = Readonly<Record<Side, Schema>>;

/** Changes of a newer contract that break clients or servers of the older one, each with its field. A new version does not allow them. */
export function breaks(old: Contract, now: Contract): string[] {
  return [
    ...between("", old, now),
    ...(old.stations ? between("stations.", old.stations, now.stations) : []),
    ...(old.status ? between("status.", old.status, now.status) : []),
    ...Object.entries(old.http ?? {}).flatMap(([operation, was]) =>
      between(`${operation}: `, was, now.http?.[operation]),
    ),
  ];
}

/** @param now nothing if the conversation was removed */
function between(path: string, old: Conversation, now?: Conversation): string[] {
  if (!now) return [`${path}request: was removed`];
  return (["request", "reply"] as const).flatMap((side) =>
    changes(side, `${path}${side}`, old[side], now[side]),
  );
}

const annotations = new Set(["$schema", "title", "description", "default", "examples"]);
/** Keywords that hold schemas of parts. */
const inner = ["items", "contentSchema"] as const;
const structure = new Set(["properties", "required", "additionalProperties", "oneOf", "anyOf", ...inner]);
const least = /^(minimum|exclusiveMinimum|minLength|minItems)$/;
const most = /^(maximum|exclusiveMaximum|maxLength|maxItems)$/;

function changes(side: Side, path: string, old: Schema, now: Schema): string[] {
  const variants = (schema: Schema) => schema.oneOf ?? schema.anyOf;
  if (variants(old) ?? variants(now)) {
    return ofVariants(side, path, variants(old) ?? [old], variants(now) ?? [now]);
  }
  return [
    ...ofKeywords(side, path, old, now),
    ...ofFields(side, path, old, now),
    ...inner.flatMap((word) =>
      (old[word] ?? now[word])
        ? changes(side, word === "items" ? `${path}[]` : path, old[word] ?? {}, now[word] ?? {})
        : [],
    ),
  ];
}

/** A variant of the sender that matches none of the reader's. */
function ofVariants(side: Side, path: string, old: readonly Schema[], now: readonly Schema[]): string[] {
  const [sent, read] = side === "request" ? [old, now] : [now, old];
  return sent.flatMap((variant, index) => {
    const name = tag(variant);
    const against = (other: Schema) =>
      side === "request"
        ? changes(side, `${path}.${name ?? index}`, variant, other)
        : changes(side, `${path}.${name ?? index}`, other, variant);
    const candidates = read.filter((other) => tag(other) === name).map(against);
    const gone = `${path}: ${name ?? `variant ${index}`} ${side === "request" ? "was removed" : "is new"}`;
    return candidates.find((found) => found.length === 0) ?? candidates[index] ?? candidates[0] ?? [gone];
  });
}

/** The constant of a field by which a variant differs from the others. */
const tag = ({ properties = {} }: Schema) =>
  Object.values(properties)
    .map((field) => field.const)
    .find((value) => typeof value === "string");

function ofFields(side: Side, path: string, old: Schema, now: Schema): string[] {
  const { properties: before = {}, required: must = [] } = old;
  const { properties: after = {}, required: mustNow = [] } = now;
  const stayed = Object.keys(before).filter((name) => name in after);
  const removed = Object.keys(before).filter((name) => !(name in after));
  const say = (names: readonly string[], what: string) => names.map((name) => `${path}.${name}: ${what}`);
  return [
    ...say(removed, "was removed"),
    ...(side === "request"
      ? say(minus(mustNow, must), "became required")
      : say(minus(must, [...mustNow, ...removed]), "is no longer required")),
    ...stayed.flatMap((name) =>
      changes(side, `${path}.${name}`, before[name] as Schema, after[name] as Schema),
    ),
  ];
}

const minus = (names: readonly string[], others: readonly string[]) =>
  names.filter((name) => !others.includes(name));

/** Keywords that let the reader accept less than the sender may send. Any difference in an unknown keyword counts. */
function ofKeywords(side: Side, path: string, old: Schema, now: Schema): string[] {
  const [sent, read] = side === "request" ? [listed(old), listed(now)] : [listed(now), listed(old)];
  return Object.keys(read)
    .filter((word) => !annotations.has(word) && !structure.has(word) && !takes(word, read[word], sent[word]))
    .concat(side === "request" ? strictness(sent, read) : [])
    .map((word) => `${path}: ${word} ${shown(listed(old)[word])} became ${shown(listed(now)[word])}`);
}

/** A missing `additionalProperties`, `true` and an empty schema all allow any other field. */
function strictness({ additionalProperties: sent }: Schema, { additionalProperties: read = true }: Schema) {
  const any = read === true || isDeepStrictEqual(read, {});
  return any || isDeepStrictEqual(read, sent) ? [] : ["additionalProperties"];
}

/** A constant is a list of one. */
const listed = ({ const: value, ...schema }: Schema): Schema =>
  value === undefined ? schema : { ...schema, enum: [value] };

function takes(word: string, read: unknown, sent: unknown): boolean {
  if (sent === undefined) return false;
  if (least.test(word)) return (sent as number) >= (read as number);
  if (most.test(word)) return (sent as number) <= (read as number);
  if (word === "enum") return (sent as unknown[]).every((value) => (read as unknown[]).includes(value));
  return isDeepStrictEqual(sent, read) || (word === "type" && sent === "integer" && read === "number");
}

const shown = (value: unknown) => (value === undefined ? "none" : JSON.stringify(value).replaceAll('"', ""));
