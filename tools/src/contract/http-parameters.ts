import { contract, type Schema } from "./schemas.ts";

/** A parameter as OpenAPI describes it. The examples are asked of a real gateway by journeys/openapi.test.ts. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required?: boolean;
  readonly description: string;
  readonly schema: Schema;
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}

const query = (name: string, description: string, schema: Schema, ...values: unknown[]): Parameter => ({
  name,
  in: "query",
  description,
  schema,
  examples: Object.fromEntries(values.map((value) => [exampleName(value), { value }])),
});

/** Names of examples have letters, digits and hyphens only. */
const exampleName = (value: unknown) => String(value).replaceAll(/[^A-Za-z0-9-]+/g, "_");

/** A field of the contract's request as a query parameter. */
function field(name: string, ...values: unknown[]): Parameter {
  const { description = "", ...schema } = contract.request.properties?.[name] ?? {};
  return query(name, String(description), schema, ...values);
}

const words = (name: string, description: string, ...values: string[]) =>
  query(name, description, { type: "string" }, ...values);

const choice = (name: string, description: string, ...values: string[]) =>
  query(name, description, { type: "string", enum: values }, ...values);

const stateOf = (more: string, ...values: string[]): Parameter => ({
  ...words("state", `A state with a farm: its key, name or postal code${more}`, ...values),
  in: "path",
  required: true,
});

/** The state of a path. */
export const state = stateOf("", "ohio", "OH");

/** The state of a path, whose suffix may choose the form of the answer. */
export const stateWithSuffix = stateOf(
  "; with the suffix `.json`, `.txt`, `.csv` or `.svg` for one form, whatever `Accept` says",
  "ohio",
  "VA",
  "ohio.csv",
);

/** Parameters of a forecast, named as the options of the `weather` command. */
export const question: readonly Parameter[] = [
  field("station", "KCMH"),
  field("latitude", 39.96),
  field("longitude", -83),
  field("start", "2026-11-23"),
  field("days", 3),
  field("members", 50),
  field("seed", 7),
  field("model", "climate"),
  words(
    "observed",
    "High, low and precipitation of the day before `start`, from which the forecast starts. They are in `units` or have their own units",
    "11.2,3.0,0.5",
    "52F,37F,0.02in",
  ),
  words(
    "risk",
    "Asks for the chance of this event instead of a forecast. The limit is in `units` or has its own unit",
    "low<0",
    "high>50F",
  ),
];

/** Parameters of the appearance of the answer. */
export const looks: readonly Parameter[] = [
  choice(
    "units",
    "Units of text, CSV and pictures, and of figures without a unit in the query. Default: metric",
    "metric",
    "us",
  ),
  choice("format", "`1`: the text is one line", "1"),
  choice("theme", "Colours of a picture. Default: the reader's own", "light", "dark"),
];
