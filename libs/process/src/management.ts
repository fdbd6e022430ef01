import * as z from "zod";

/** Figures of a queue that only RabbitMQ's management API has. */
export interface QueueRates {
  /** Messages that wait to be delivered. */
  ready: number;
  /** Requests that servers hold and have not settled. */
  inFlight: number;
  /** Requests settled per second, over RabbitMQ's last sample of 5 s. */
  perSecond: number;
}

const queueAnswer = z.object({
  messages_ready: z.number().default(0),
  messages_unacknowledged: z.number().default(0),
  message_stats: z.object({ ack_details: z.object({ rate: z.number() }).optional() }).optional(),
});

/** RabbitMQ's management API cannot be asked. The message names no password. */
export class ManagementError extends Error {
  override readonly name = "ManagementError";
}

/** The virtual host of a broker URL, or of the first of several. */
export const vhostOf = (urls: string) =>
  decodeURIComponent(new URL(urls.split(",")[0] ?? "").pathname.slice(1)) || "/";

interface ManagementApi {
  readonly origin: string;
  readonly authorization: string;
}

/**
 * Reads a queue's rates.
 *
 * @param url URL of the management API, with a user who may read: `http://operator:password@localhost:15673`
 * @param vhost virtual host
 * @returns nothing if there is no such queue
 * @throws {ManagementError} if the URL is not valid, nobody answers there within 5 s, or the answer is not RabbitMQ's
 */
export async function queueRates(url: string, vhost: string, queue: string): Promise<QueueRates | undefined> {
  const { origin, authorization } = apiAt(url);
  const where = `${origin}/api/queues/${encodeURIComponent(vhost)}/${encodeURIComponent(queue)}`;
  const signal = AbortSignal.timeout(5_000);
  const response = await fetch(where, { headers: { authorization }, signal }).catch((error: unknown) => {
    throw new ManagementError(`nobody answers at ${origin} (${reasonOf(error)})`);
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new ManagementError(`${origin} answers ${response.status} ${response.statusText}`);
  const body: unknown = await response.json().catch((error: unknown) => {
    throw new ManagementError(`${origin} answers something that is no JSON (${reasonOf(error)})`);
  });
  const { data } = queueAnswer.safeParse(body);
  if (!data) throw new ManagementError(`${origin} answers something that RabbitMQ does not`);
  const { messages_ready: ready, messages_unacknowledged: inFlight, message_stats: stats } = data;
  return { ready, inFlight, perSecond: stats?.ack_details?.rate ?? 0 };
}

function apiAt(text: string): ManagementApi {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A bare #, / or ? in a password ends the host too early.
  const misread = text.includes("@") && !url?.username;
  if (!url || misread || !/^https?:$/.test(url.protocol)) {
    throw new ManagementError(
      "expected a URL such as http://operator:PASSWORD@localhost:15673; in a password write # as %23, / as %2F, ? as %3F, @ as %40",
    );
  }
  try {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    return { origin: url.origin, authorization };
  } catch {
    throw new ManagementError(
      "the password holds a % that is none of %23, %2F and the like: write it as %25",
    );
  }
}

/** The reason of a failed fetch. Its message is only "fetch failed"; the cause has the reason. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}
