import { farmOf } from "../forecast-from.ts";
import type { StateName } from "../states.ts";
import { statusReply, statusRequest, strictStatusReply } from "./status.ts";

/**
 * The conversation with every server process of one state's farm. Its key ends in no state's name: through `#.ohio` one worker
 * would get it as a request. Each server has a queue of its own for it, so a client gathers the replies.
 *
 * @throws {RangeError} if a word that is no state got past the compiler
 */
export function statusFrom(state: StateName) {
  const routingKey = `status.${state}.servers`;
  return {
    ...farmOf(state),
    ...{ routingKey, bindingKey: routingKey },
    ...{ request: statusRequest, reply: statusReply, strictReply: strictStatusReply },
  } as const;
}
