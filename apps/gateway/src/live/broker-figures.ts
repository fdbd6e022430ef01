import { deadLetter, forecastFrom, stateNames, type StateName } from "@weather/contracts";
import type { Logger } from "@weather/process";
import { queueRates, vhostOf } from "@weather/process/management";
import type { GatewaySettings } from "../settings.ts";

/** How often RabbitMQ counts for its management API, in milliseconds. */
const period = 5_000;

/** What only RabbitMQ's management API tells: a gateway has no right to the queue of dead letters, and AMQP has no rates. */
export interface BrokerFigures {
  /** Dead letters of all states. Null where it is not known. */
  readonly deadLetters: number | null;
  /** Requests that left each state's queue for good, per second. A state without its queue there has none. */
  readonly settled: ReadonlyMap<StateName, number>;
}

const unknown: BrokerFigures = { deadLetters: null, settled: new Map() };

/**
 * Asks the management API of the cluster at `AMQP_URL`, if it is known.
 *
 * @returns the last figures, of which new ones are asked for every 5 s
 */
export function brokerFiguresOf(
  { AMQP_URL, MANAGEMENT_URL: url }: Pick<GatewaySettings, "AMQP_URL" | "MANAGEMENT_URL">,
  log: Pick<Logger, "warn">,
): () => BrokerFigures {
  if (url === undefined) return () => unknown;
  let figures = unknown;
  let asked = -Infinity;
  let told = "";
  const ask = async () => {
    try {
      const vhost = vhostOf(AMQP_URL);
      const [dead, ...rates] = await Promise.all(
        [deadLetter, ...stateNames.map((state) => forecastFrom(state).queue)].map((queue) =>
          queueRates(url, vhost, queue),
        ),
      );
      const settled = stateNames.flatMap((state, index): [StateName, number][] => {
        const { perSecond } = rates[index] ?? {};
        return perSecond === undefined ? [] : [[state, perSecond]];
      });
      figures = { deadLetters: dead?.ready ?? 0, settled: new Map(settled) };
      told = "";
    } catch (error) {
      figures = unknown;
      const { message } = error as Error;
      if (message !== told)
        log.warn({ reason: message }, "MANAGEMENT_URL: the broker's figures are not known");
      told = message;
    }
  };
  return () => {
    if (performance.now() - asked >= period) {
      asked = performance.now();
      void ask();
    }
    return figures;
  };
}
