import { contract, replies, statusShape, type Schema } from "./schemas.ts";

export const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: "object",
  properties,
  required,
});

export const shape = (outcome: string) => replies.get(outcome) ?? {};
const count: Schema = { type: "integer", minimum: 0 };
export const countOrNull: Schema = { anyOf: [count, { type: "null" }] };

/** A forecast, or a risk where one is asked for. A refusal is a problem. */
export const forecastOrRisk: Schema = { oneOf: [shape("forecast"), shape("risk")] };

const { properties, required = [], ...strict } = contract.request;

/** A question with its state. */
export const questionOf: Schema = {
  ...strict,
  properties: { state: { type: "string", description: "A state's key, name or postal code" }, ...properties },
  required: ["state", ...required],
};

/** The members of RFC 9457, and ours. */
export const problem: Schema = {
  ...object(
    {
      type: { type: "string", const: "about:blank" },
      status: { type: "integer", minimum: 400, maximum: 599 },
      title: { type: "string" },
      detail: { type: "string", description: "What is wrong, for people" },
      correlationId: { type: "string", description: "As in the gateway's log" },
      errors: {
        type: "array",
        items: object({ path: { type: "string" }, message: { type: "string" } }),
        description: "The fields that are wrong",
      },
      advice: { type: "string", description: "What to try" },
      reason: { type: "string", description: "The reason of the farm's refusal" },
      counts: {
        ...object({ servers: count, waiting: count }),
        description: "Counts of the queue of a farm that did not answer",
      },
    },
    ["type", "status", "title", "detail", "correlationId"],
  ),
  description: "What went wrong (RFC 9457)",
};

/** A line of an answer to a list. */
export const line: Schema = {
  ...object(
    {
      index: { ...count, description: "Place of the question in the list, from 0" },
      reply: forecastOrRisk,
      problem,
    },
    ["index"],
  ),
  description: "One line of NDJSON: the reply to a question, or what went wrong with it",
};

const number: Schema = { type: "number" };
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
const times = orNull(object({ p50: number, p99: number }));

/** The state of a farm. */
const farm = {
  state: { type: "string", description: "Its key" },
  servers: { ...count, description: "Servers that listen, as the broker counts them" },
  silent: { ...count, description: "Servers that did not report: busy, stopped, or older" },
  waiting: { ...count, description: "Requests in its queue" },
  each: { type: "array", items: statusShape, description: "The reports, sorted by server" },
} satisfies Record<string, Schema>;

/** The answer of a state's servers. */
export const farmReport = object(farm);

/** Data of an event `farms`. */
export const farmsEvent: Schema = {
  ...object({
    at: { type: "string", format: "date-time", description: "When the figures were gathered" },
    broker: object(
      {
        ok: { type: "boolean", description: "Whether any cluster is connected" },
        since: { type: "string", format: "date-time", description: "Since when no cluster is connected" },
        message: { type: "string" },
      },
      ["ok"],
    ),
    deadLetters: {
      ...orNull(count),
      description: "Messages in the queue of dead letters; null without MANAGEMENT_URL",
    },
    states: {
      type: "array",
      items: object({
        ...farm,
        reachable: {
          type: "boolean",
          description:
            "Whether the cluster is connected. If not, the figures are the last ones that were read",
        },
        utcOffset: { type: "integer", description: "Minutes by which the state's clocks are ahead of UTC" },
        inFlight: { ...count, description: "Requests that servers hold" },
        answeredPerSecond: { ...orNull(number), description: "Since the previous event" },
        settledPerSecond: {
          ...orNull(number),
          description: "Requests of the queue, as RabbitMQ counts over 5 s. Null without MANAGEMENT_URL",
        },
        wait: { ...times, description: "From the sending of a request to its start, ms, last minute" },
        handler: { ...times, description: "From the start of a request to its settlement, ms, last minute" },
        newestObservation: orNull({ type: "string", format: "date" }),
        deadLetters: { ...orNull(count), description: "Since the servers started" },
        reportedAt: orNull({ type: "string", format: "date-time" }),
      }),
    },
  }),
  description: "The state of all farms. A figure that cannot be read now keeps the value of the last event",
};
