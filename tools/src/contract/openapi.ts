import { reasons } from "@weather/contracts";
import { contract, replies, statusShape, type Contract, type Schema } from "./schemas.ts";
import { operations, tags, type Operation } from "./http-operations.ts";
import { farmsEvent, forecastOrRisk, line, problem, questionOf } from "./http-schemas.ts";
import { looks, question, type Parameter } from "./http-parameters.ts";

/** Meaning of each status of a problem, the same as in docs/http.md. */
export const statuses: Readonly<Record<number, string>> = {
  400: "An unknown or doubled parameter, a body that is no JSON, or not one Host header",
  404: "No such state, station or path, or no station near the place",
  405: "The path has other methods; `Allow` names them",
  406: "No such format",
  408: "The head of the request took more than 10 s, or all of it more than 30 s",
  413: "The body has more than 512 KiB",
  415: "The body is not `application/json`, or is compressed",
  422: "The contract refuses a field; `errors` names each",
  429: "More requests from one address than `RATE_LIMIT` allows; `Retry-After` says when",
  431: "The head of the request has more than 16 KiB",
  502: "The farm failed, or its reply does not fit",
  503: "Nobody serves the state, the farm or the gateway is overloaded, the gateway stops, or there is no broker; with `Retry-After`",
  504: "No answer within `REQUEST_DEADLINE`; `counts` has the servers that listen and the requests that wait",
};

/** Statuses of problems that every route may have, because they do not come from the route. */
const everywhere = [405, 408, 429, 431];

/** Schemas with a name in the document. */
const schemas: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries(
    ["forecast", "risk", "stations"].map((outcome) => [outcome, replies.get(outcome) ?? {}]),
  ),
  status: statusShape,
  problem,
  question: questionOf,
  forecastOrRisk,
  line,
  farmsEvent,
};
const names = new Map<unknown, string>(Object.entries(schemas).map(([name, schema]) => [schema, name]));

/** Schemas with a name become references to it. @param own the schema that is being named */
function referring(value: unknown, own?: Schema): unknown {
  const name = value === own ? undefined : names.get(value);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(value)) return value.map((part) => referring(part));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, referring(part)]));
}

const header = (description: string, schema: Schema = { type: "string" }) => ({ description, schema });
const headers = {
  ETag: header("Hash of the content without `issuedAt` and `server`: the same from all gateways"),
  "Cache-Control": header("How long the answer is valid"),
  "Retry-After": header("Seconds after which to ask again", { type: "integer", minimum: 1 }),
  Allow: header("The methods of the path"),
};
const headersOf = (...those: (keyof typeof headers)[]) =>
  Object.fromEntries(those.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Example of a problem of a status. */
const example = (status: number) => ({
  type: "about:blank",
  status,
  title: titles[status] ?? "Error",
  detail: details[status] ?? statuses[status],
  correlationId: "0d6b0a9e-6c9a-4d6b-9c53-0b3f3f1d7c55",
  ...(status === 422 && {
    errors: [{ path: "days", message: "expected a whole number from 1 to 10, got 40" }],
  }),
  ...(status === 502 && { reason: reasons.at(-1) }),
  ...(status === 504 && { counts: { servers: 1, waiting: 12 } }),
});
const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  404: "No such state",
  405: "Method not allowed",
  406: "Not acceptable",
  413: "Too large",
  415: "Not JSON",
  422: "Refused",
  429: "Too many requests",
  502: "The farm failed",
  503: "Nobody serves",
  504: "No answer in time",
};
const details: Readonly<Record<number, string>> = {
  400: "unknown parameter dayz: there are station, start, days",
  422: "days: expected a whole number from 1 to 10, got 40",
};

const problemResponse = (status: number) => ({
  description: statuses[status],
  ...(status === 405 && { headers: headersOf("Allow") }),
  ...([429, 503].includes(status) && { headers: headersOf("Retry-After") }),
  content: {
    "application/problem+json": { schema: problem, examples: { problem: { value: example(status) } } },
  },
});

function operationOf({
  id,
  tag,
  summary,
  description,
  parameters,
  body,
  answers,
  cached,
  problems,
}: Operation) {
  const those = [...problems, ...everywhere].sort((one, other) => one - other);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(parameters && { parameters: parameters.map(parameterRef) }),
    ...(body && { requestBody: { required: true, content: { "application/json": body } } }),
    responses: {
      200: {
        description: summary,
        ...(cached && { headers: headersOf("ETag", "Cache-Control") }),
        content: Object.fromEntries(
          Object.entries(answers).map(([type, { schema = { type: "string" }, examples }]) => [
            type,
            { schema, ...(examples && { examples }) },
          ]),
        ),
      },
      ...(cached && {
        304: {
          description: "Same content as `If-None-Match` names",
          headers: headersOf("ETag", "Cache-Control"),
        },
      }),
      ...Object.fromEntries(
        those.map((status) => [
          status,
          // A browser gets a page with the error.
          answers["text/html"] && problems.includes(status) && status !== 406
            ? withPage(problemResponse(status))
            : { $ref: `#/components/responses/problem${status}` },
        ]),
      ),
    },
  };
}

const withPage = ({ content, ...response }: ReturnType<typeof problemResponse>) => ({
  ...response,
  content: { ...content, "text/html": { schema: { type: "string" } } },
});

/** Several operations take the same parameters of the query. */
const parameterRef = (parameter: Parameter) =>
  parameter.in === "path" ? parameter : { $ref: `#/components/parameters/${parameter.name}` };

/** The gateway's routes as an OpenAPI 3.1 document. */
export const openapi = referring({
  openapi: "3.1.1",
  info: {
    title: "Weather Farm",
    version: String(contract.version),
    summary: "Weather forecasts from farms of servers, one per US state",
    description:
      "The gateway translates HTTP into requests to the farms behind RabbitMQ. Every error is problem+json (RFC 9457). " +
      "HEAD works where GET does.",
    contact: { name: "Weather Farm" },
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "http://localhost:8080", description: "`npm run farm`, or `docker compose up`" }],
  tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  paths: pathsOf(operations),
  components: {
    parameters: Object.fromEntries([...question, ...looks].map((parameter) => [parameter.name, parameter])),
    headers,
    responses: Object.fromEntries(
      Object.keys(statuses).map((status) => [`problem${status}`, problemResponse(Number(status))]),
    ),
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, referring(schema, schema)]),
    ),
  },
});

function pathsOf(all: readonly Operation[]) {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of all) (paths[one.path] ??= {})[one.method] = operationOf(one);
  return paths;
}

/** For each operation its parameters and body, and its answers by media type. */
const http = Object.fromEntries(
  operations.map(({ method, path, parameters: all = [], body, answers }) => [
    `${method.toUpperCase()} ${path}`,
    {
      request: {
        type: "object",
        properties: {
          ...Object.fromEntries(all.map(({ name, schema }) => [name, schema])),
          ...(body && { body: body.schema }),
        },
        required: [
          ...all.filter(({ required }) => required).map(({ name }) => name),
          ...(body ? ["body"] : []),
        ],
        additionalProperties: false,
      },
      reply: {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(answers).map(([type, { schema = {} }]) => [type, schema]),
        ),
        required: Object.keys(answers),
      },
    },
  ]),
);

/** The contract over AMQP and over HTTP, as a release stores it. */
export const wholeContract: Contract = { ...contract, http };
