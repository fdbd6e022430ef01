import { farmRequest, type FarmReply, type Status } from "@weather/contracts";
import { forecaster } from "@weather/forecast-model";
import { exampleClimate } from "@weather/forecast-model/example";
import { processRequest } from "@weather/state-server";
import type * as z from "zod";

const start = "2026-11-23";
const observed = { date: "2026-11-22", high: 11.2, low: 3, precipitation: 0.5 };

/** Requests, each with its name. The first is that of docs/wire.md. */
export const requests = {
  "five days": { kind: "forecast", station: "KCMH", start, days: 5, members: 200, seed: 7 },
  "all defaults": {},
  "three days, from yesterday's weather": { start, days: 3, observed },
  "the risk of frost": { kind: "risk", start, days: 3, threshold: { of: "low", below: 0 } },
  "the station nearest to a place": { latitude: 39.96, longitude: -83, start },
  "the stations": { kind: "stations" },
} as const satisfies Record<string, z.input<typeof farmRequest>>;

const answering = {
  state: "ohio",
  server: "ohio-server@host:1234",
  forecaster: forecaster(exampleClimate),
} as const;

async function replyTo(asked: z.input<typeof farmRequest>): Promise<FarmReply> {
  const reply = await processRequest(farmRequest.parse(asked), answering);
  return "issuedAt" in reply ? { ...reply, issuedAt: "2026-11-23T12:00:00Z" } : reply;
}

/** Replies of a server with the climate of an invented station: one for each outcome. */
export const answers: readonly FarmReply[] = [
  await replyTo({ start, days: 2, seed: 7 }),
  await replyTo({ kind: "risk", start, days: 2, seed: 7, threshold: { of: "low", below: 0 } }),
  await replyTo({ station: "KORF" }),
  await replyTo({ kind: "stations" }),
];

/** The report of a server that has answered for an hour. */
export const status: Status = {
  outcome: "status",
  state: "ohio",
  ...{ app: "ohio-server", server: "ohio-server@host:1234", host: "host", pid: 1234 },
  ...{ version: "0.2.0", model: "auto", uptime: 3_600, inFlight: 2, waiting: 5 },
  answered: { forecast: 8_100, risk: 12, refused: 3, expired: 1 },
  lastMinute: { answered: 420, handler: { p50: 0.9, p99: 4.2 }, wait: { p50: 1, p99: 12 } },
  newestObservation: "2026-11-22",
};
