import { setTimeout as pause } from "node:timers/promises";
import { withBroker } from "./testbed.ts";
import type { Report } from "./measured.ts";
import { measureSeries, pairs } from "./series.ts";

/** With about 2 ms of computing for each request, the model is the bottleneck. */
const heavy = { days: 10, members: 2_000 };
/** With a few microseconds of computing for each request, the broker is the bottleneck. */
const light = { days: 1, members: 10 };
const inFlight = 64;
const settings = { FORECAST_CACHE: "0", PREFETCH: "16" };

/** Requests per second and latency with 1, 2 and 4 servers of one state, and the requests answered while half of the servers stop. */
export const scaleSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    const seconds = quick ? 3 : 10;
    await measureSeries(broker, report, {
      title: `One state with more servers, ${inFlight} in flight`,
      suite: "scale",
      cases: pairs([1, 2, 4], [heavy, light]).map(([servers, forecast]) => ({ ...forecast, servers })),
      prepare: async (testbed, { servers }) => {
        while (testbed.servers.length < servers) await testbed.serveOhio(settings);
      },
      load: ({ days, members }) => ({ asked: { forecast: { days, members } }, inFlight, seconds }),
      warmUp: 1,
      shows: ["requests/s", "p50 ms", "p99 ms"],
      comparedBy: ({ members }) => members,
      after: async (testbed) => {
        const asking = testbed.client.ask({ asked: { forecast: heavy }, inFlight, seconds });
        await pause((seconds / 3) * 1_000);
        const ends = await Promise.all(testbed.servers.splice(0, 2).map((server) => server.stop()));
        const { answered, wrong } = await asking;
        const row = { "exit codes": ends.join(", "), answered, wrong };
        report.table("Two of four servers stopped in the middle of it", "scale", [row]);
      },
    });
  });
