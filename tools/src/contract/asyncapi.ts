import { forecastFrom, stateNames, states, statusFrom, type StateName } from "@weather/contracts";
import { mostParts } from "@weather/queue-binding";
import { answers, requests, status } from "./examples.ts";
import { asked, contract, replies, statusShape, type Schema } from "./schemas.ts";

const bindingVersion = "0.3.0";
const ref = (...path: string[]) => ({ $ref: `#/${path.join("/")}` });

/** The correlation id of the examples. */
const correlationId = "7b1f";

/** AMQP properties stand among the headers here, because AsyncAPI has no other place for a reply's address. */
const headers = {
  replyTo: {
    type: "string",
    description:
      "The property `reply_to`: a queue, `amq.rabbitmq.reply-to`, or an exchange and routing key such as `direct://amq.direct/some.key`",
  },
  correlationId: {
    type: "string",
    description: "The property `correlation_id`. If a request has none, its `message_id` is used",
  },
  "contract-version": {
    type: "integer",
    minimum: 1,
    description:
      "The header `contract-version`: the version of the contract that the sender uses. Default: the server's own",
  },
  "gives-up-at": {
    type: "integer",
    minimum: 0,
    maximum: 2 ** 31 - 1,
    description:
      "The header `gives-up-at`, optional: when the sender gives up, in milliseconds of a clock of the sender that does not jump, modulo 2^31. Servers drop a request that comes after this time",
  },
  "batch-limit": {
    type: "integer",
    minimum: 1,
    description:
      "The header `batch-limit`: the sender understands batches, and accepts up to so many questions or replies in one",
  },
  batch: {
    type: "integer",
    minimum: 1,
    maximum: mostParts,
    description: "The header `batch`: number of questions or replies in the message",
  },
};

/** One reply of each outcome, and many in one message. */
const replyNames = [...replies.keys(), "replies"];
const { batch, ...requestHeaders } = headers;
const replyHeaders = { correlationId: headers.correlationId, "batch-limit": headers["batch-limit"] };

/** The contract as an AsyncAPI 3.0 document: what the farms of all states receive, and what they reply. */
export const asyncapi = {
  asyncapi: "3.0.0",
  info: {
    title: "Weather Farm",
    version: String(contract.version),
    description: "Forecasts by request and reply over AMQP 0-9-1: one farm of servers per US state.",
  },
  defaultContentType: "application/json",
  servers: {
    rabbitmq: {
      host: "localhost:5672",
      protocol: "amqp",
      protocolVersion: "0-9-1",
      description: "A RabbitMQ that the farms are connected to",
    },
  },
  channels: {
    replies: {
      address: null,
      description: "The reply address of each request",
      messages: Object.fromEntries([...replyNames, "status"].map((name) => [name, messageRef(name)])),
    },
    ...Object.fromEntries(stateNames.map((state) => [forecastFrom(state).routingKey, requestChannel(state)])),
    ...Object.fromEntries(
      stateNames.map((state) => [`queue.${forecastFrom(state).queue}`, queueChannel(state)]),
    ),
    ...Object.fromEntries(stateNames.map((state) => [statusFrom(state).routingKey, statusChannel(state)])),
  },
  operations: {
    ...Object.fromEntries(stateNames.map((state) => [`answer-${state}`, operation(state)])),
    ...Object.fromEntries(stateNames.map((state) => [`report-${state}`, statusOperation(state)])),
  },
  components: {
    correlationIds: {
      id: {
        location: "$message.header#/correlationId",
        description: "A reply carries the correlation id of its request",
      },
    },
    messages: {
      request: message(
        "Request",
        { properties: requestHeaders, required: ["replyTo"] },
        ref("components", "schemas", "request"),
        Object.entries(requests).map(([name, payload]) => ({
          name,
          headers: { replyTo: "amq.rabbitmq.reply-to", correlationId, "contract-version": contract.version },
          payload,
        })),
      ),
      requests: message(
        "Requests, each with its id, to a queue whose servers understand batches",
        { properties: { ...requestHeaders, batch }, required: ["replyTo", "batch"] },
        partsOf(ref("components", "schemas", "request")),
        [batched(Object.values(requests), { replyTo: "amq.rabbitmq.reply-to", "batch-limit": mostParts })],
      ),
      ...Object.fromEntries(
        [...replies].map(([outcome, schema]) => [outcome, replyMessage(outcome, schema)]),
      ),
      replies: message(
        "Replies, each with the id of its request. One message of requests may get several messages of replies",
        { properties: { ...replyHeaders, batch }, required: ["batch"] },
        partsOf({ oneOf: [...replies.keys()].map((outcome) => ref("components", "schemas", outcome)) }),
        [batched(answers, { "batch-limit": mostParts })],
      ),
      "status-question": message(
        contract.status.request.description,
        { properties: requestHeaders, required: ["replyTo"] },
        contract.status.request,
        [{ headers: { replyTo: "amq.rabbitmq.reply-to", correlationId }, payload: { kind: "status" } }],
      ),
      status: message(
        statusShape.description,
        { properties: { correlationId: headers.correlationId } },
        ref("components", "schemas", "status"),
        [{ headers: { correlationId }, payload: status }],
      ),
    },
    schemas: { request: asked, ...Object.fromEntries(replies), status: statusShape },
  },
};

/** Several parts in one message, each with the id that it would have in a separate message. */
function partsOf(part: object) {
  const pair = { type: "array", items: [{ type: "string" }, part], minItems: 2, maxItems: 2 };
  return { type: "array", items: pair, minItems: 1, maxItems: mostParts };
}

function batched(parts: readonly object[], headers: object) {
  return {
    headers: { correlationId, ...headers, batch: parts.length },
    payload: parts.map((part, index) => [`${correlationId}:${index + 1}`, part]),
  };
}

function messageRef(name: string) {
  return ref("components", "messages", name);
}

function requestChannel(state: StateName) {
  return {
    address: forecastFrom(state).routingKey,
    description: `Requests to ${states[state].name}'s farm`,
    messages: { request: messageRef("request"), requests: messageRef("requests") },
    bindings: bindingsOf(forecastFrom(state)),
  };
}

function statusChannel(state: StateName) {
  return {
    address: statusFrom(state).routingKey,
    description: `Questions to every server of ${states[state].name}'s farm. Each server has an exclusive queue for them`,
    messages: { "status-question": messageRef("status-question") },
    bindings: bindingsOf(statusFrom(state)),
  };
}

function bindingsOf({ exchange }: { exchange: string }) {
  return {
    amqp: {
      is: "routingKey",
      exchange: { name: exchange, type: "topic", durable: true, autoDelete: false },
      bindingVersion,
    },
  };
}

function queueChannel(state: StateName) {
  const { queue, exchange, bindingKey } = forecastFrom(state);
  return {
    address: queue,
    description: `Where requests to ${states[state].name}'s farm wait: a quorum queue, bound to ${exchange} with ${bindingKey}`,
    messages: { request: messageRef("request"), requests: messageRef("requests") },
    bindings: {
      amqp: {
        is: "queue",
        queue: { name: queue, durable: true, exclusive: false, autoDelete: false },
        "x-arguments": { "x-queue-type": "quorum" },
        "x-binding-key": bindingKey,
        bindingVersion,
      },
    },
  };
}

function operation(state: StateName) {
  const messages = ["request", "requests"];
  const more = { bindings: { amqp: { ack: true, bindingVersion } } };
  const summary = `One of ${states[state].name}'s servers answers`;
  return receiving(forecastFrom(state).routingKey, summary, messages, replyNames, more);
}

function statusOperation(state: StateName) {
  const summary = `Each of ${states[state].name}'s servers reports its load`;
  return receiving(statusFrom(state).routingKey, summary, ["status-question"], ["status", "refused"]);
}

function receiving(channel: string, summary: string, messages: string[], answers: string[], more = {}) {
  return {
    action: "receive",
    summary,
    channel: ref("channels", channel),
    messages: messages.map((name) => ref("channels", channel, "messages", name)),
    ...more,
    reply: {
      address: { location: "$message.header#/replyTo" },
      channel: ref("channels", "replies"),
      messages: answers.map((name) => ref("channels", "replies", "messages", name)),
    },
  };
}

function message(title: unknown, head: object, payload: object, examples: readonly object[]) {
  return {
    title,
    headers: { type: "object", ...head },
    payload,
    correlationId: ref("components", "correlationIds", "id"),
    examples,
  };
}

function replyMessage(outcome: string, { description }: Schema) {
  const ofOutcome = answers.filter((reply) => reply.outcome === outcome);
  const examples = ofOutcome.map((payload) => ({ headers: { correlationId }, payload }));
  return message(description, { properties: replyHeaders }, ref("components", "schemas", outcome), examples);
}
