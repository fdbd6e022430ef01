import type { Conversation } from "../conversation.ts";
import type { ChannelWriter } from "./channel-writer.ts";
import type { Properties } from "./properties.ts";
import { replyQueue } from "./request.ts";

// A caller that gives a request up says so to every server of its queue, because nobody knows which of them will get
// it: on the headers exchange that every broker has, by the name of the queue, with the id of the request and its
// reply-to. The broker puts the sender's own address in place of a direct reply-to, in the notice as in the request: so
// nobody can cancel another's request by its id alone.

/** The exchange of the notices. */
export const cancellations = "amq.headers";

/** How a server's queue for notices is bound to it. */
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

/** What tells a request from all others, and is the same in its notice; nothing where one of both is missing. */
export function cancellationKey(replyTo: Properties["replyTo"], id: string | undefined): string | undefined {
  // With the length in front, no two pairs give the same text.
  return replyTo === undefined || id === undefined ? undefined : `${replyTo.length} ${replyTo} ${id}`;
}
