import { setTimeout as pause } from "node:timers/promises";
import { forecastFrom } from "@weather/contracts";
import { connect } from "@weather/queue-binding";
import type { PrivateBroker } from "@weather/testing";
import { nodeOptions, programs } from "./bundle.ts";
import { startReady, Testbed, withBroker } from "./testbed.ts";
import { medianOf, usage, type Report } from "./measured.ts";
import { measureSeries } from "./series.ts";

const suite = "soak";
const short = { station: "KCMH", start: "2026-11-23", days: 5, members: 10 };
/** The model takes about 2 ms. */
const long = { ...short, days: 10, members: 2_000 };

/** Memory over millions of requests, and the resources of one server process. */
export const soakSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    const serveOnce = async (testbed: Testbed) =>
      testbed.servers.length === 0 && (await testbed.serveReadily("ours", "quorum"));
    const count = quick ? 5_000 : 500_000;
    await measureSeries(broker, report, {
      title: "Memory over millions of requests, 64 in flight",
      suite,
      cases: Array.from({ length: 10 }, (_, step) => ({ "requests so far": (step + 1) * count })),
      prepare: serveOnce,
      load: () => ({ asked: { forecast: short }, inFlight: 64, count }),
      shows: ["requests/s", "client RSS MB", "server RSS MB", "broker RSS MB"],
    });

    await measureSeries(broker, report, {
      title: "Many in flight",
      suite,
      cases: [64, 1_000, 10_000].map((inFlight) => ({ "in flight": inFlight })),
      prepare: serveOnce,
      load: ({ "in flight": inFlight }) => ({
        asked: { forecast: short },
        inFlight,
        count: quick ? 20_000 : 200_000,
      }),
      shows: [
        "requests/s",
        "p50 ms",
        "p99 ms",
        "longest time without an answer, ms",
        "client RSS MB",
        "server RSS MB",
      ],
    });
    await oneProcess(broker, quick, report);
  });

async function oneProcess(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const starts: number[] = [];
  for (let round = 0; round < (quick ? 3 : 11); round += 1) starts.push(await untilReady(broker));

  const testbed = await Testbed.start(broker, "one-process");
  await testbed.serveOhio({ FORECAST_CACHE: "0" });
  const pid = testbed.servers[0]?.pid ?? NaN;
  await pause(2_000);
  const seconds = quick ? 5 : 60;
  const before = await usage(pid);
  await pause(seconds * 1_000);
  const idle = await usage(pid);
  await testbed.client.ask({ asked: { forecast: short }, inFlight: 64, seconds: quick ? 3 : 30 });
  const busy = await usage(pid);
  await testbed.stop();

  const figures: Record<string, number> = {
    "start to readyz, ms, median": medianOf(starts, (one) => one),
    "start to readyz, ms, slowest": Math.max(...starts),
    "memory when idle, MB": idle.rss,
    [`CPU when idle, % of a core, over ${seconds} s`]: ((idle.cpu - before.cpu) / seconds) * 100,
    "memory at 64 in flight, MB": busy.rss,
    "drain with 1,000 requests of 2 ms held, s": await drainTime(broker),
  };
  report.table(
    "One server process",
    suite,
    Object.entries(figures).map(([what, figure]) => ({ what, figure })),
  );
}

/** Milliseconds from the start of Ohio's server to its first yes on /readyz. */
async function untilReady({ url }: PrivateBroker): Promise<number> {
  const environment = { AMQP_URL: url, NODE_OPTIONS: nodeOptions };
  const { process, milliseconds } = await startReady(programs.ohioServer, "HEALTH_PORT", environment);
  await process.stop();
  return milliseconds;
}

/** Seconds from SIGTERM to the end of a server to which the broker has given a thousand requests. */
async function drainTime(broker: PrivateBroker): Promise<number> {
  const testbed = await Testbed.start(broker, "drain");
  await testbed.serveOhio({ FORECAST_CACHE: "0", PREFETCH: "1000" });
  const looker = await connect(testbed.url, { name: "bench" });
  const [server] = testbed.servers;
  server?.signal("SIGSTOP");
  const asking = testbed.client.ask({ asked: { forecast: long }, inFlight: 1_000, count: 1_000 });
  do await pause(500);
  while ((await looker.counts(forecastFrom("ohio")))?.waiting !== 0);
  const began = performance.now();
  server?.signal("SIGTERM");
  server?.signal("SIGCONT");
  const end = await server?.ended();
  const seconds = (performance.now() - began) / 1_000;
  const { answered } = await asking;
  if (end !== 0 || answered !== 1_000) throw new Error(`ended with ${end}, ${answered} were answered`);
  await looker.drain();
  await testbed.stop();
  return seconds;
}
