import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Connection } from "../connection/connection.ts";
import { checkConversation, type Conversation, type Read, type Written } from "../conversation.ts";
import { NoServersError, type QueueCounts } from "../errors.ts";
import type { AskOptions } from "./options.ts";
import type { RequestClient } from "./request-client.ts";

/** How servers are surveyed. The deadline is 1 s by default. */
export type SurveyOptions = Omit<AskOptions, "together">;

/** What all servers of a queue replied. */
export interface Survey<Reply> {
  /** The queue as the broker counted it just before. Nothing if there is no such queue. */
  readonly counts: QueueCounts | undefined;
  /** In the order in which they came. */
  readonly replies: readonly Reply[];
  /** Errors of replies that do not match their schema. */
  readonly errors: readonly unknown[];
  /** Servers that listen and did not reply in time. */
  readonly silent: number;
}

/** Asks every server of a conversation's queue, and waits until as many have replied as listen there, or for the deadline. */
export async function survey<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
  connection: Pick<Connection, "counts">,
  client: Pick<RequestClient, "gather">,
  conversation: Conversation<Request, Reply>,
  request: Written<Request>,
  { deadline = 1_000, ...others }: SurveyOptions = {},
): Promise<Survey<Read<Reply>>> {
  checkConversation(conversation);
  const counts = await connection.counts(conversation.queue);
  const { servers = 0 } = counts ?? {};
  const replies: Read<Reply>[] = [];
  const errors: unknown[] = [];
  if (servers > 0) {
    const options = { deadline, count: servers, ...others };
    try {
      for await (const { reply, error } of client.gather(conversation, request, options)) {
        if (error === undefined) replies.push(reply);
        else errors.push(error);
      }
    } catch (error) {
      // No server responds to such questions: all are older than this client.
      if (!(error instanceof NoServersError)) throw error;
    }
  }
  return { counts, replies, errors, silent: Math.max(0, servers - replies.length - errors.length) };
}
