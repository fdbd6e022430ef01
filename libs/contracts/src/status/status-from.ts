import { addressOf } from "../forecast-from.ts";
import type { StateName } from "../states.ts";
import { statusReply, statusRequest, strictStatusReply } from "./status.ts";

/**
 * The conversation with every server process of one state's farm. Each process has a queue of its own for it, so a client gathers
 * the replies. The routing key must not end in a state's name, because one worker would then get the question as a request,
 * through `#.ohio`.
 *
 * @throws {RangeError} if the value is not a state
 */
export function statusFrom(state: StateName) {
  const routingKey = `status.${state}.servers`;
  return {
    ...addressOf(state),
    ...{ routingKey, bindingKey: routingKey },
    ...{ request: statusRequest, reply: statusReply, strictReply: strictStatusReply },
  } as const;
}
