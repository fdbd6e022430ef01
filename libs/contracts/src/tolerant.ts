import { z } from "zod";

/**
 * The same schema for a reader whose sender may be newer: at every depth, objects ignore unknown fields and leave them out of
 * the result. Everything else is checked as before.
 */
export function tolerant<Schema extends z.ZodType>(schema: Schema): Schema {
  const { checks, ...def } = schema._zod.def as z.core.$ZodObjectDef;
  const { catchall, ...parts } = tolerantPart(def) as z.core.$ZodObjectDef;
  // `z.strictObject` is an object whose other fields have the type never.
  const open = def.type === "object" && catchall?._zod.def.type === "never";
  const copy = z.core.clone(schema, {
    ...parts,
    ...(catchall && !open && { catchall }),
    ...(checks && { checks }),
  });
  const description = z.globalRegistry.get(schema);
  if (description) z.globalRegistry.add(copy, description);
  return copy;
}

/** Inner schemas stand in a schema's definition by themselves, in lists, or as the fields of an object. */
function tolerantPart(part: unknown): unknown {
  if (part instanceof z.ZodType) return tolerant(part);
  if (Array.isArray(part)) return part.map(tolerantPart);
  if (typeof part !== "object" || part === null || part instanceof RegExp) return part;
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, tolerantPart(inner)]));
}
