import { stateNames } from "@weather/contracts";
import { answers, status } from "./examples.ts";
import { looks, question, state, stateWithSuffix, type Parameter } from "./http-parameters.ts";
import {
  countOrNull,
  farmReport,
  farmsEvent,
  forecastOrRisk,
  line,
  object,
  questionOf,
  shape,
} from "./http-schemas.ts";
import type { Schema } from "./schemas.ts";

/** One route of the gateway. Add a route here: a test compares these with the routes that the gateway has. */
export interface Operation {
  readonly id: string;
  readonly method: "get" | "post";
  /** Path as OpenAPI writes it: `/v1/forecasts/{state}`. */
  readonly path: string;
  readonly tag: keyof typeof tags;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: { readonly schema: Schema; readonly examples: Examples };
  /** Answers with status 200, by media type. Text may have no schema. */
  readonly answers: Readonly<Record<string, { readonly schema?: Schema; readonly examples?: Examples }>>;
  /** Whether the answer has an ETag, so that a client may get 304. */
  readonly cached?: boolean;
  /** Statuses of problems, in addition to those of every route. */
  readonly problems: readonly number[];
}

type Examples = Readonly<Record<string, { readonly value: unknown }>>;

/** The groups of operations. */
export const tags = {
  forecasts: "Forecasts, and how likely a threshold is crossed",
  farms: "The farms behind the gateway",
  operation: "For operators of the gateway",
} as const;

const reply = (outcome: string) => ({ value: answers.find((answer) => answer.outcome === outcome) });
const days = { state: "ohio", days: 2, seed: 7 };

const forms = {
  "application/json": {
    schema: forecastOrRisk,
    examples: { forecast: reply("forecast"), risk: reply("risk") },
  },
  "text/plain": {},
  "text/csv": {},
  "image/svg+xml": {},
};

const oneForecast = {
  tag: "forecasts",
  method: "get",
  cached: true,
  problems: [400, 404, 406, 422, 502, 503, 504],
} as const;

export const operations: readonly Operation[] = [
  {
    ...oneForecast,
    id: "getForecast",
    path: "/v1/forecasts/{state}",
    summary: "A state's forecast",
    description:
      "For programs. `Accept` or a suffix of the state chooses the form; JSON is the farm's own reply.",
    parameters: [stateWithSuffix, ...question, ...looks],
    answers: forms,
  },
  {
    ...oneForecast,
    id: "showForecast",
    path: "/{state}",
    summary: "The same for people",
    description: "A terminal gets text, a browser a page, also for an error.",
    parameters: [stateWithSuffix, ...question, ...looks],
    answers: { ...forms, "text/html": {} },
  },
  {
    id: "askForecasts",
    method: "post",
    path: "/v1/forecasts",
    tag: "forecasts",
    summary: "One forecast, or many",
    description:
      "The answer to one question is the reply. The answer to a list has a line for each question, in the order in which replies " +
      "come. A question that fails does not end the others. A list with an invalid question is refused as a whole.",
    body: {
      schema: { oneOf: [questionOf, { type: "array", items: questionOf, maxItems: 1_000 }] },
      examples: {
        one: { value: days },
        list: { value: [days, { state: "virginia", kind: "risk", threshold: { of: "low", below: 0 } }] },
      },
    },
    answers: {
      "application/json": forms["application/json"],
      "application/x-ndjson": { schema: line },
    },
    problems: [400, 404, 413, 415, 422, 502, 503, 504],
  },
  {
    id: "listStates",
    method: "get",
    path: "/v1/states",
    tag: "farms",
    summary: "The states, with their servers and waiting requests",
    description: "The brokers count them at this moment.",
    answers: {
      "application/json": {
        schema: object({
          states: {
            type: "array",
            items: object({
              state: { type: "string", description: "Its key" },
              name: { type: "string" },
              timeZone: { type: "string", description: "IANA time zone of its days" },
              reachable: { type: "boolean", description: "Whether the broker of its cluster answers" },
              servers: {
                ...countOrNull,
                description: "Servers that listen; null where the broker does not answer",
              },
              waiting: { ...countOrNull, description: "Requests in its queue, or null" },
            }),
          },
        }),
        examples: {
          ohio: {
            value: {
              states: [
                {
                  state: stateNames[0],
                  name: "Ohio",
                  timeZone: "America/New_York",
                  reachable: true,
                  servers: 2,
                  waiting: 0,
                },
              ],
            },
          },
        },
      },
    },
    problems: [400, 502, 503],
  },
  {
    id: "listStations",
    method: "get",
    path: "/v1/states/{state}/stations",
    tag: "farms",
    summary: "The stations of a state's farm",
    description: "The first answers requests that name no place. `Accept` chooses JSON or text.",
    parameters: [state],
    answers: {
      "application/json": { schema: shape("stations"), examples: { stations: reply("stations") } },
      "text/plain": {},
    },
    cached: true,
    problems: [400, 404, 406, 502, 503, 504],
  },
  {
    id: "listServers",
    method: "get",
    path: "/v1/states/{state}/servers",
    tag: "farms",
    summary: "A report of each server of a state's farm",
    description: "The gateway asks every server at this moment. `Accept` chooses JSON or text.",
    parameters: [state],
    answers: {
      "application/json": {
        schema: farmReport,
        examples: { ohio: { value: { state: "ohio", servers: 1, silent: 0, waiting: 0, each: [status] } } },
      },
      "text/plain": {},
    },
    problems: [400, 404, 406, 502, 503],
  },
  {
    id: "followFarms",
    method: "get",
    path: "/v1/live",
    tag: "farms",
    summary: "The state of all farms, once a second",
    description:
      "Server-sent events. An event `farms` comes at once and then each second. `goodbye` says that this gateway stops, and that the " +
      "client should connect again.",
    answers: {
      "text/event-stream": {
        schema: {
          type: "string",
          description: "Events. The data of each event `farms` is this JSON",
          contentMediaType: "application/json",
          contentSchema: farmsEvent,
        },
      },
    },
    problems: [400, 503],
  },
  {
    id: "getDescription",
    method: "get",
    path: "/openapi.json",
    tag: "operation",
    summary: "This document",
    description: "OpenAPI 3.1, written from the code by `npm run contract`.",
    answers: { "application/json": { schema: { type: "object" } } },
    cached: true,
    problems: [],
  },
  ...(["livez", "readyz"] as const).map((name): Operation => ({
    id: name,
    method: "get",
    path: `/${name}`,
    tag: "operation",
    summary: name === "livez" ? "Whether the process works" : "Whether it can take requests",
    description: "A probe. 503 means no. The text says more.",
    answers: { "text/plain": {} },
    problems: [],
  })),
  {
    id: "metrics",
    method: "get",
    path: "/metrics",
    tag: "operation",
    summary: "Metrics",
    description: "For Prometheus.",
    answers: { "text/plain": {} },
    problems: [],
  },
];
