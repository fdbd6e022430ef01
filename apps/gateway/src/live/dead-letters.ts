import { deadLetter } from "@weather/contracts";
import type { Logger } from "@weather/process";
import { queueRates, vhostOf } from "@weather/process/management";
import type { GatewaySettings } from "../settings.ts";

/** Milliseconds between two counts of RabbitMQ for its management API. */
const period = 5_000;

/**
 * Counts the dead letters of all states through the management API, because a gateway has no right to their queue.
 *
 * @returns a function that returns the last count, or null if it is not known. A new count begins every 5 s
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
