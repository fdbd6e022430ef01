import { split, type Part } from "../wire/batch.ts";
import { tick } from "../timer-wheel.ts";
import type { PendingRequest } from "./pending-requests.ts";

/** Whether two requests may travel in one message: same queue, contract and trace, and deadlines within one tick. */
const goTogether = (one: PendingRequest, other: PendingRequest) =>
  Math.abs(one.expires - other.expires) <= tick &&
  one.context === other.context &&
  (["queue", "exchange", "routingKey", "version"] as const).every(
    (name) => one.conversation[name] === other.conversation[name],
  );

/** Groups requests into messages, in order. */
export function messagesOf<Request extends PendingRequest & Part>(requests: readonly Request[]): Request[][] {
  const groups: [Request, ...Request[]][] = [];
  for (const request of requests) {
    const group = groups.find(([first]) => goTogether(first, request));
    if (group) group.push(request);
    else groups.push([request]);
  }
  return groups.flatMap((group) => split(group, group[0].queue.servers));
}
