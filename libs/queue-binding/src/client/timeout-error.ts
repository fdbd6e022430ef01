import { AnswerTimeoutError, BrokerUnreachableError, type QueueCounts } from "../errors.ts";
import type { PendingRequest } from "./pending-requests.ts";

/** The error of a request that cannot be sent at present. */
export function unreachableError({
  address,
  blocked,
}: {
  address: string;
  blocked: string | undefined;
}): Error {
  if (blocked === undefined) return new BrokerUnreachableError(`there is no broker at ${address} at present`);
  const why = `the broker at ${address} takes no messages at present (${blocked})`;
  return new BrokerUnreachableError(`${why}. Nothing was sent.`);
}

/** Circumstances of a request whose deadline has passed. */
interface Circumstances {
  readonly broker: {
    readonly address: string;
    readonly connected: boolean;
    readonly blocked: string | undefined;
  };
  /** Whether the request waited because `maxInFlight` was reached. */
  readonly waited: boolean;
  readonly counts: QueueCounts | undefined;
}

/** The error of a request that was not answered in time: the probable reason, and what to try. */
export function timeoutError(request: PendingRequest, circumstances: Circumstances): Error {
  const { conversation, deadline } = request;
  const { broker, counts } = circumstances;
  const time = `${deadline / 1_000} s`;
  if (!broker.connected) {
    const why = `no broker answered at ${broker.address} within ${time}`;
    return new BrokerUnreachableError(`${conversation.routingKey} was not asked: ${why}`);
  }
  const message = `${conversation.routingKey} did not answer within ${time}: ${reasonOf(request, circumstances)}`;
  return new AnswerTimeoutError(message, counts);
}

function reasonOf({ queue, sent }: PendingRequest, { broker, waited, counts }: Circumstances): string {
  if (broker.blocked) return `the broker takes no messages at present (${broker.blocked})`;
  if (waited) return "the request was never sent: too many others were in flight";
  if (sent === 0) {
    return counts?.servers
      ? `the request was never sent: it was not known in time that a server listens to ${queue.name}`
      : `the request was never sent: no server listened to ${queue.name}. Start a server.`;
  }
  // The queue is first in, first out, so later requests are answered later.
  const overtaken = sent < queue.answered;
  const taken = overtaken ? "a server had taken it (later ones were answered); " : "";
  if (!counts) return `${taken}there is no queue ${queue.name}, or the broker did not say how it stands`;
  const { waiting, servers } = counts;
  const place =
    waiting > 0 ? "it was probably still waiting; " : "a server had taken it, or it expired in the queue; ";
  return (
    (taken || place) +
    `${servers} ${servers === 1 ? "server listens" : "servers listen"} to ${queue.name}, ` +
    `${waiting} ${waiting === 1 ? "request waits" : "requests wait"} in it. ` +
    `${servers > 0 ? "Start more servers" : "Start a server"}.`
  );
}
