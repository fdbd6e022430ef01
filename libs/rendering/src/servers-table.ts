import type { FarmReport, Status } from "@weather/contracts";
import { note } from "./frame.ts";
import { columnsFor, table, type Screen } from "./table.ts";

type Times = Status["lastMinute"]["wait"];

const meaning =
  "Times are median / 99th percentile of the last minute, in ms; a request waits from its sending to its start.";
const start =
  "`npm run farm` or `docker compose up` starts servers; `npx weather states` shows their queues.";

/** A table with a row for each server. Notes below it name silent servers and wrong clocks. @param at when they were asked */
export function serversTable(farms: readonly FarmReport[], at: Date, screen: Screen): string {
  const servers = farms.flatMap(({ each }) => each);
  const body = servers.length > 0 ? [bodyOf(servers, screen)] : [];
  const notes = [
    ...farms.flatMap(missing),
    ...new Set(
      servers.flatMap(({ state, clocks }) => (clocks === undefined ? [] : [`${state}: ${clocks}.`])),
    ),
    `At ${at.toISOString().slice(11, 19)}Z. ${servers.length > 0 ? meaning : start}`,
  ];
  return [...body, ...notes.map((text) => note(text, screen))].join("\n");
}

function missing({ state, reachable = true, servers, silent }: FarmReport): string[] {
  if (!reachable) return [`The broker of ${state} is not reachable.`];
  if (servers === 0) return [`Nobody serves ${state}.`];
  if (silent === 0) return [];
  const all = servers === 1 ? "1 server" : `${servers} servers`;
  return [`${state}: ${silent} of ${all} did not report: busy, stopped, or of an older version.`];
}

function bodyOf(servers: readonly Status[], screen: Screen): string {
  const { text, figure } = columnsFor<Status>();
  const state = text("State", ({ state }) => state, { least: 8 });
  const process = text("Server", ({ host, pid }) => `${host}:${pid}`, { least: 12 });
  const up = figure("Up", ({ uptime }) => span(uptime));
  const load = [
    figure("In flight", ({ inFlight }) => String(inFlight)),
    figure("Waiting", ({ waiting }) => String(waiting)),
  ];
  const settled = figure("Settled", ({ answered }) => String(total(answered)));
  const minute = figure("Last min", ({ lastMinute }) => String(lastMinute.answered));
  const times = [
    figure("Wait ms", ({ lastMinute }) => both(lastMinute.wait)),
    figure("Handler ms", ({ lastMinute }) => both(lastMinute.handler)),
  ];
  const observed = text("Observed", ({ newestObservation = "–" }) => newestObservation);
  const kind = [text("Model", ({ model }) => model), text("Version", ({ version }) => version)];
  const program = ({ app, model, version, newestObservation = "–" }: Status) =>
    `${app} ${version}, ${model}, observed ${newestObservation}`;
  return table(
    servers,
    [
      { columns: [state, process, up, ...load, settled, minute, ...times, observed, ...kind] },
      { columns: [state, process, up, ...load, minute, ...times, observed] },
      // 80 columns
      { columns: [state, process, ...load, minute, ...times], below: (server) => [program(server)] },
      // 60 columns
      {
        columns: [process, ...load, ...times.slice(0, 1)],
        below: (server) => [`${server.state}: ${program(server)}`],
      },
    ],
    screen,
  );
}

const both = (times: Times) => (times ? `${times.p50} / ${times.p99}` : "–");

/** Requests since the start of a server, with any outcome. */
const total = (answered: Status["answered"]) =>
  Object.values(answered).reduce((sum, count) => sum + count, 0);

/** Seconds as people write them: 45 s, 12 min, 5 h, 9 d. */
function span(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, "d"],
      [3_600, "h"],
      [60, "min"],
    ] as const
  ).find(([size]) => seconds >= 2 * size) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${unit}`;
}
