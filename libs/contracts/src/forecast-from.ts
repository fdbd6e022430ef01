import * as z from "zod";
import { reply, strictReply } from "./reply.ts";
import { compiledRequest } from "./request.ts";
import { farmRequest, stationsReply, stationsRequest, strictFarmReply } from "./stations.ts";
import { isStateName, stateNames, type StateName } from "./states.ts";
import { tolerant } from "./tolerant.ts";
import { contractVersion } from "./version.ts";

/** Queue of dead letters: the requests that could not be answered. */
export const deadLetter = "weather.dead-letter";

/** The address of a reply, from its request. */
interface ReplyAddress {
  /** Empty for the default exchange, where the routing key is the name of a queue. */
  readonly exchange: string;
  readonly routingKey: string;
}

/**
 * Whether a reply may go to an address. Names that begin with `weather.` are the farms' own, and `amq.topic` carries requests. A
 * server publishes with its own rights, so it must not publish there for a caller.
 */
const mayReplyTo = ({ exchange, routingKey }: ReplyAddress) => {
  const target = exchange === "" ? routingKey : exchange;
  return target !== "amq.topic" && !target.startsWith("weather.");
};

/** Makes a conversation once for each state: a gateway needs it for each request. */
function ofEachState<Made>(make: (state: StateName) => Made): (state: StateName) => Made {
  const made = new Map<StateName, Made>();
  return (state) => {
    const known = made.get(state) ?? make(state);
    made.set(state, known);
    return known;
  };
}

// Schemas are compiled, as `compiledRequest` is. To compile one takes milliseconds, so that a bundle leaves out those that its
// program does not use: the bundler cannot know that they have no side effects. `strictReply` is not compiled, because the farms'
// servers use the one of `everything`.
const forecasts = { request: compiledRequest, reply: /* @__PURE__ */ z.compile(reply), strictReply };
const stations = {
  request: /* @__PURE__ */ z.compile(stationsRequest),
  reply: /* @__PURE__ */ z.compile(stationsReply),
};
const everything = {
  request: /* @__PURE__ */ z.compile(farmRequest),
  reply: /* @__PURE__ */ z.compile(/* @__PURE__ */ tolerant(strictFarmReply)),
  strictReply: /* @__PURE__ */ z.compile(strictFarmReply),
};

/**
 * The conversation about one state's weather: exchange and key of its requests, their queue, the schemas of requests and
 * replies. The binding key starts with `#`, so that the farm also answers `news.ohio` or `sports.ohio`.
 *
 * @throws {RangeError} if the value is not a state
 */
export const forecastFrom = ofEachState((state) => ({ ...addressOf(state), ...forecasts }) as const);

/**
 * The conversation about the stations of a state's farm.
 *
 * @throws {RangeError} as {@link forecastFrom} does
 */
export const stationsOf = ofEachState((state) => ({ ...addressOf(state), ...stations }) as const);

/**
 * Everything that a state's farm answers: for its servers.
 *
 * @throws {RangeError} as {@link forecastFrom} does
 */
export const farmOf = (state: StateName) => ({ ...addressOf(state), ...everything }) as const;

/**
 * Exchange, keys and queues of a state's farm.
 *
 * @throws {RangeError} as {@link forecastFrom} does
 */
export function addressOf(state: StateName) {
  if (!isStateName(state)) {
    throw new RangeError(`no farm for "${String(state)}": the states are ${stateNames.join(", ")}`);
  }
  return {
    state,
    exchange: "amq.topic",
    routingKey: `weather.${state}`,
    queue: `weather.${state}`,
    bindingKey: `#.${state}`,
    deadLetter,
    version: contractVersion,
    mayReplyTo,
  } as const;
}
