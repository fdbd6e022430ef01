import { Usage } from "./exit-code.ts";

/** What RabbitMQ's management API tells of a queue, beside what AMQP tells. */
export interface QueueRates {
  /** Requests that servers hold and have not settled. */
  inFlight: number;
  /** Requests settled per second, over RabbitMQ's last sample of 5 s. */
  perSecond: number;
}

interface QueueAnswer {
  messages_unacknowledged?: number;
  message_stats?: { ack_details?: { rate?: number } };
}

/**
 * Reads a queue's rates.
 *
 * @param url of the management API, with a user who may look: `http://operator:password@localhost:15673`
 * @param vhost virtual host
 * @returns nothing if there is no such queue
 * @throws {Usage} if it does not answer, or does not let this user look
 */
export async function queueRates(url: string, vhost: string, queue: string): Promise<QueueRates | undefined> {
  const { origin, username, password } = new URL(url);
  const credentials = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const where = `${origin}/api/queues/${encodeURIComponent(vhost)}/${encodeURIComponent(queue)}`;
  const response = await fetch(where, {
    headers: { authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(5_000),
  }).catch((error: unknown) => {
    throw new Usage(`MANAGEMENT_URL: nobody answers at ${origin} (${(error as Error).message})`);
  });
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new Usage(`MANAGEMENT_URL: ${origin} answers ${response.status} ${response.statusText}`);
  const { messages_unacknowledged = 0, message_stats } = (await response.json()) as QueueAnswer;
  return { inFlight: messages_unacknowledged, perSecond: message_stats?.ack_details?.rate ?? 0 };
}
