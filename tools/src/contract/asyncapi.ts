import { forecastFrom, stateNames, states, type StateName } from "@weather/contracts";
import { answers, requests } from "./examples.ts";
import { contract, replies, type Schema } from "./schemas.ts";

const bindingVersion = "0.3.0";
const ref = (...path: string[]) => ({ $ref: `#/${path.join("/")}` });

/** The correlation id of the examples. */
const correlationId = "7b1f";

/** AMQP properties stand among the headers here, because AsyncAPI has no other place where a reply's address could be. */
const headers = {
  replyTo: {
    type: "string",
    description:
      "The property `reply_to`: a queue, `amq.rabbitmq.reply-to`, or an exchange and routing key such as `direct://amq.direct/some.key`",
  },
  correlationId: {
    type: "string",
    description: "The property `correlation_id`; where a request has none, its `message_id` stands in",
  },
  "contract-version": {
    type: "integer",
    minimum: 1,
    description:
      "The header `contract-version`: the version of this document that the request was written for. Who leaves it out means the server's own",
  },
};

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
      description: "Any RabbitMQ that the farms are connected to",
    },
  },
  channels: {
    replies: {
      address: null,
      description: "Where each request wants its reply",
      messages: Object.fromEntries([...replies.keys()].map((outcome) => [outcome, messageRef(outcome)])),
    },
    ...Object.fromEntries(stateNames.map((state) => [forecastFrom(state).routingKey, requestChannel(state)])),
    ...Object.fromEntries(
      stateNames.map((state) => [`queue.${forecastFrom(state).queue}`, queueChannel(state)]),
    ),
  },
  operations: Object.fromEntries(stateNames.map((state) => [`answer-${state}`, operation(state)])),
  components: {
    correlationIds: {
      id: { location: "$message.header#/correlationId", description: "A reply carries its request's" },
    },
    messages: {
      request: {
        title: "Request",
        headers: { type: "object", properties: headers, required: ["replyTo"] },
        payload: ref("components", "schemas", "request"),
        correlationId: ref("components", "correlationIds", "id"),
        examples: Object.entries(requests).map(([name, payload]) => ({
          name,
          headers: { replyTo: "amq.rabbitmq.reply-to", correlationId, "contract-version": contract.version },
          payload,
        })),
      },
      ...Object.fromEntries(
        [...replies].map(([outcome, schema]) => [outcome, replyMessage(outcome, schema)]),
      ),
    },
    schemas: { request: contract.request, ...Object.fromEntries(replies) },
  },
};

function messageRef(name: string) {
  return ref("components", "messages", name);
}

function requestChannel(state: StateName) {
  return {
    address: forecastFrom(state).routingKey,
    description: `Requests to ${states[state].name}'s farm`,
    messages: { request: messageRef("request") },
    bindings: {
      amqp: {
        is: "routingKey",
        exchange: { name: forecastFrom(state).exchange, type: "topic", durable: true, autoDelete: false },
        bindingVersion,
      },
    },
  };
}

function queueChannel(state: StateName) {
  const { queue, exchange, bindingKey } = forecastFrom(state);
  return {
    address: queue,
    description: `Where requests to ${states[state].name}'s farm wait: a quorum queue, bound to ${exchange} with ${bindingKey}`,
    messages: { request: messageRef("request") },
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
  const channel = forecastFrom(state).routingKey;
  return {
    action: "receive",
    summary: `One of ${states[state].name}'s servers answers`,
    channel: ref("channels", channel),
    messages: [ref("channels", channel, "messages", "request")],
    bindings: { amqp: { ack: true, bindingVersion } },
    reply: {
      address: { location: "$message.header#/replyTo" },
      channel: ref("channels", "replies"),
      messages: [...replies.keys()].map((outcome) => ref("channels", "replies", "messages", outcome)),
    },
  };
}

function replyMessage(outcome: string, { description }: Schema) {
  return {
    title: description,
    headers: { type: "object", properties: { correlationId: headers.correlationId } },
    payload: ref("components", "schemas", outcome),
    correlationId: ref("components", "correlationIds", "id"),
    examples: answers
      .filter((reply) => reply.outcome === outcome)
      .map((payload) => ({ headers: { correlationId }, payload })),
  };
}
