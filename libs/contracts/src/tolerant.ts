import * as z from "zod";

/**
 * The same schema for a reader of messages from a newer sender. At every depth, it removes unknown fields of objects instead of
 * refusing them.
 */
export function tolerant<Schema extends z.ZodType>(schema: Schema): Schema {
  const { checks, ...def } = schema._zod.def as z.core.$ZodObjectDef;
  const { catchall, ...parts } = tolerantPart(def) as z.core.$ZodObjectDef;
  // zod implements `strictObject` as an object whose unknown fields have the type never.
  const open = def.type === "object" && catchall?._zod.def.type === "never";
  const copy = z.clone(schema, {
    ...parts,
    ...(catchall && !open && { catchall }),
    ...(checks && { checks }),
  });
  const description = z.globalRegistry.get(schema);
  if (description) z.globalRegistry.add(copy, description);
  return copy;
}

/** A part of a schema's definition. Inner schemas occur there directly, in lists, or as fields of an object. */
function tolerantPart(part: unknown): unknown {
  if (part instanceof z.ZodType) return tolerant(part);
  if (Array.isArray(part)) return part.map(tolerantPart);
  if (typeof part !== "object" || part === null || part instanceof RegExp) return part;
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, tolerantPart(inner)]));
}
