import { deadLetter } from "@weather/contracts";
import type { Logger } from "@weather/process";
import { queueRates, vhostOf } from "@weather/process/management";
import type { GatewaySettings } from "../settings.ts";

/** How often RabbitMQ counts for its management API, in milliseconds. */
const period = 5_000;

/**
 * Counts the dead letters of all states through the management API: a gateway has no right to their queue.
 *
 * @returns the last count, of which a new one begins every 5 s; null where it is not known
 */
export function deadLettersOf(
  { AMQP_URL, MANAGEMENT_URL: url }: Pick<GatewaySettings, "AMQP_URL" | "MANAGEMENT_URL">,
  log: Pick<Logger, "warn">,
): () => number | null {
  if (url === undefined) return () => null;
  let count: number | null = null;
  let asked = -Infinity;
  let told = "";
  const ask = async () => {
    try {
      count = (await queueRates(url, vhostOf(AMQP_URL), deadLetter))?.ready ?? 0;
      told = "";
    } catch (error) {
      count = null;
      const { message } = error as Error;
      if (message !== told) log.warn({ reason: message }, "MANAGEMENT_URL: dead letters cannot be counted");
      told = message;
    }
  };
  return () => {
    if (performance.now() - asked >= period) {
      asked = performance.now();
      void ask();
    }
    return count;
  };
}
