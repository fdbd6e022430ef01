import { setTimeout as pause } from "node:timers/promises";
import { forecastFrom, stateNames, type StateName } from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";
import { createLogUpdate } from "log-update";
import { queueRates } from "./management.ts";
import { table } from "./tables.ts";
import { connected, type Terminal } from "./terminal.ts";

export interface StatesOptions {
  json: boolean;
  /** Milliseconds between two looks; nothing for one look. */
  watch?: number;
}

/** A state's queue as the broker knows it. */
interface Farm {
  state: StateName;
  queue: string;
  exists: boolean;
  waiting: number;
  servers: number;
  /** Requests that servers hold; known where there is a management API. */
  inFlight?: number;
  /** Requests settled per second; known where there is a management API. */
  perSecond?: number;
  /** For how long the oldest one has waited, in seconds, if the queue goes on as it did: waiting / perSecond. */
  oldest?: number;
}

/** Shows each state's queue, once or again and again until the process is interrupted. */
export async function states({ json, watch }: StatesOptions, terminal: Terminal): Promise<void> {
  const { stdout, colour } = terminal;
  const broker = await connected(terminal);
  try {
    const look = () => Promise.all(stateNames.map((state) => farmOf(state, broker, terminal)));
    const lines = (farms: Farm[]) => farms.map((farm) => `${JSON.stringify(farm)}\n`).join("");
    if (watch === undefined) {
      const farms = await look();
      stdout.write(json ? lines(farms) : `${tableOf(farms, colour)}\n`);
      return;
    }
    const inPlace = stdout.isTTY && !json ? createLogUpdate(stdout as NodeJS.WriteStream) : undefined;
    for (;;) {
      const farms = await look();
      if (inPlace) inPlace(tableOf(farms, colour));
      else stdout.write(lines(farms.map((farm) => ({ at: new Date().toISOString(), ...farm }))));
      await pause(watch);
    }
  } finally {
    await broker.drain();
  }
}

async function farmOf(state: StateName, broker: Broker, { url, managementUrl }: Terminal): Promise<Farm> {
  const { queue } = forecastFrom(state);
  const counts = await broker.counts({ queue });
  const { waiting = 0, servers = 0 } = counts ?? {};
  const farm = { state, queue, exists: counts !== undefined, waiting, servers };
  if (managementUrl === undefined || !farm.exists) return farm;
  const vhost = decodeURIComponent(new URL(url.split(",")[0] ?? "").pathname.slice(1)) || "/";
  const rates = await queueRates(managementUrl, vhost, queue);
  if (!rates) return farm;
  const oldest = waiting === 0 ? 0 : rates.perSecond > 0 ? waiting / rates.perSecond : undefined;
  return { ...farm, ...rates, ...(oldest !== undefined && { oldest: Math.round(oldest * 10) / 10 }) };
}

function tableOf(farms: Farm[], colour: boolean): string {
  const rates = farms.some(({ perSecond }) => perSecond !== undefined);
  const number = (value: number | undefined) => (value === undefined ? "–" : String(value));
  const rows = farms.map(({ state, queue, exists, waiting, servers, inFlight, perSecond, oldest }) => [
    state,
    exists ? queue : `${queue} (not there)`,
    exists ? String(waiting) : "–",
    exists ? String(servers) : "–",
    ...(rates ? [number(inFlight), number(perSecond), oldest ? `≈ ${oldest} s` : number(oldest)] : []),
  ]);
  const head = ["Waiting", "Servers", ...(rates ? ["In flight", "Per second", "Oldest"] : [])];
  return table(
    [["State", "left"], ["Queue", "left"], ...head.map((name): [string, "right"] => [name, "right"])],
    rows,
    colour,
  );
}
