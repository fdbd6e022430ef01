import { setTimeout as pause } from "node:timers/promises";
import getPort from "get-port";
import type { PrivateBroker } from "@weather/testing";
import { AppProcess } from "@weather/testing";
import { forecastFrom } from "@weather/contracts";
import { connect } from "@weather/queue-binding";
import { nodeOptions, programs } from "./bundle.ts";
import { Farm, withBroker } from "./farm.ts";
import { medianOf, usage, type Report } from "./measured.ts";

const short = { station: "KCMH", start: "2026-11-23", days: 5, members: 10 };
/** The model takes about 2 ms. */
const long = { ...short, days: 10, members: 2_000 };

/** What stays as it is for millions of requests, and what one process of a farm needs. */
export const soakSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    await memory(broker, quick, report);
    await manyInFlight(broker, quick, report);
    await oneProcess(broker, quick, report);
  });

async function memory(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const farm = await Farm.start(broker, "memory");
  await farm.serveReadily("ours", "quorum");
  const count = quick ? 5_000 : 500_000;
  const rows = [];
  for (let step = 1; step <= 10; step += 1) {
    const { perSecond, wrong, clientRss, serverRss, brokerRss } = await farm.measure({
      asked: { forecast: short },
      inFlight: 64,
      count,
    });
    rows.push({
      "requests so far": step * count,
      "requests/s": perSecond,
      "client RSS MB": clientRss,
      "server RSS MB": serverRss,
      "broker RSS MB": brokerRss,
      wrong,
    });
  }
  await farm.stop();
  report.table("Memory over millions of requests, 64 in flight", "soak", rows);
}

async function manyInFlight(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const farm = await Farm.start(broker, "many");
  await farm.serveReadily("ours", "quorum");
  const rows = [];
  for (const inFlight of [64, 1_000, 10_000]) {
    const asked = { forecast: short };
    const { perSecond, p50, p99, pause, wrong, clientRss, serverRss } = await farm.measure({
      asked,
      inFlight,
      count: quick ? 20_000 : 200_000,
    });
    rows.push({
      "in flight": inFlight,
      "requests/s": perSecond,
      "p50 ms": p50,
      "p99 ms": p99,
      "longest time without an answer, ms": pause,
      "client RSS MB": clientRss,
      "server RSS MB": serverRss,
      wrong,
    });
  }
  await farm.stop();
  report.table("Many in flight", "soak", rows);
}

async function oneProcess(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const starts = [];
  for (let round = 0; round < (quick ? 3 : 11); round += 1) starts.push(await untilReady(broker));

  const farm = await Farm.start(broker, "one-process");
  await farm.serveOhio({ FORECAST_CACHE: "0" });
  const pid = farm.servers[0]?.pid ?? NaN;
  await pause(2_000);
  const seconds = quick ? 5 : 60;
  const before = await usage(pid);
  await pause(seconds * 1_000);
  const idle = await usage(pid);
  await farm.client.ask({ asked: { forecast: short }, inFlight: 64, seconds: quick ? 3 : 30 });
  const busy = await usage(pid);
  await farm.stop();

  report.table("One server process", "soak", [
    { what: "start to readyz, ms, median", figure: medianOf(starts, (one) => one) },
    { what: "start to readyz, ms, slowest", figure: Math.max(...starts) },
    { what: "memory when idle, MB", figure: idle.rss },
    {
      what: `CPU when idle, % of a core, over ${seconds} s`,
      figure: ((idle.cpu - before.cpu) / seconds) * 100,
    },
    { what: "memory at 64 in flight, MB", figure: busy.rss },
    { what: "drain with 1,000 requests of 2 ms held, s", figure: await drainTime(broker) },
  ]);
}

/** Milliseconds from the start of Ohio's server, as in its image, to its first yes on /readyz. */
async function untilReady(broker: PrivateBroker): Promise<number> {
  const port = await getPort();
  const began = performance.now();
  const server = AppProcess.run(programs.ohioServer, {
    environment: { AMQP_URL: broker.url, HEALTH_PORT: String(port), NODE_OPTIONS: nodeOptions },
  });
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await ready())) await pause(2);
  const milliseconds = performance.now() - began;
  await server.stop();
  return milliseconds;
}

/** Seconds from SIGTERM to the end of a server to which the broker has given a thousand requests. */
async function drainTime(broker: PrivateBroker): Promise<number> {
  const farm = await Farm.start(broker, "drain");
  await farm.serveOhio({ FORECAST_CACHE: "0", PREFETCH: "1000" });
  const looker = await connect(farm.url, { name: "bench" });
  const [server] = farm.servers;
  server?.signal("SIGSTOP");
  const asking = farm.client.ask({ asked: { forecast: long }, inFlight: 1_000, count: 1_000 });
  for (let waits = NaN; waits !== 0; waits = (await looker.counts(forecastFrom("ohio")))?.waiting ?? NaN)
    await pause(200);
  const began = performance.now();
  server?.signal("SIGTERM");
  server?.signal("SIGCONT");
  const end = await server?.ended();
  const seconds = (performance.now() - began) / 1_000;
  const { answered } = await asking;
  if (end !== 0 || answered !== 1_000)
    throw new Error(`the server ended with ${end}, ${answered} were answered`);
  await looker.drain();
  await farm.stop();
  return seconds;
}
