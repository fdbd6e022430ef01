import type { Conversation } from "../conversation.ts";
import type { ChannelWriter } from "./channel-writer.ts";
import type { Properties } from "./properties.ts";
import { replyQueue } from "./request.ts";

// A caller that gives a request up notifies every server of its queue, because it does not know which of them gets the
// request. The notice goes to the headers exchange that every broker has. It carries the name of the queue, and the id and
// reply-to of the request. The broker replaces a direct reply-to with the sender's own address, in the notice as in the
// request. So nobody can cancel the request of another client by its id alone.

/** Exchange to which the notices are published. */
export const cancellations = "amq.headers";

/** Arguments of the binding of a server's queue for notices. */
export const cancellationsOf = (queue: string) => ({ "x-match": "all", cancelled: queue });

/** Tells the servers of a queue that a request needs no answer. The broker returns it if none listens. */
export function cancel(writer: ChannelWriter, { queue }: Conversation, id: string): void {
  const headers = { cancelled: queue };
  const properties = {
    mandatory: true,
    replyTo: replyQueue,
    correlationId: id,
    headers,
    expiration: "10000",
  };
  writer.publish({ exchange: cancellations, routingKey: "", ...properties }, "");
}

/** A key that is unique to a request, and the same in its notice. Nothing if the reply-to or the id is missing. */
export function cancellationKey(replyTo: Properties["replyTo"], id: string | undefined): string | undefined {
  // The length in front makes the text of each pair unique.
  return replyTo === undefined || id === undefined ? undefined : `${replyTo.length} ${replyTo} ${id}`;
}
