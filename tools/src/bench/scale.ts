import { setTimeout as pause } from "node:timers/promises";
import { Farm, withBroker } from "./farm.ts";
import type { Report } from "./measured.ts";

/** The model is the bottleneck: about 2 ms of computing each. */
const heavy = { days: 10, members: 2_000 };
/** The broker is: a few microseconds of computing each. */
const light = { days: 1, members: 10 };
const inFlight = 64;
const settings = { FORECAST_CACHE: "0", PREFETCH: "16" };

/** Requests per second and latency against 1, 2 and 4 servers of one state; and what becomes of the requests while half of them stop. */
export const scaleSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    const seconds = quick ? 3 : 10;
    const farm = await Farm.start(broker, "scale");
    const rows = [];
    const alone = new Map<object, number>();
    for (const count of [1, 2, 4]) {
      while (farm.servers.length < count) await farm.serveOhio(settings);
      for (const forecast of [heavy, light]) {
        await farm.client.ask({ asked: { forecast }, inFlight, seconds: 1 });
        const { perSecond, p50, p99, wrong } = await farm.client.ask({
          asked: { forecast },
          inFlight,
          seconds,
        });
        if (count === 1) alone.set(forecast, perSecond);
        rows.push({
          ...forecast,
          servers: count,
          "requests/s": perSecond,
          "to one server": perSecond / (alone.get(forecast) ?? NaN),
          "p50 ms": p50,
          "p99 ms": p99,
          wrong,
        });
      }
    }
    report.table(`One state with more servers, ${inFlight} in flight`, "scale", rows);

    const asking = farm.client.ask({ asked: { forecast: heavy }, inFlight, seconds });
    await pause((seconds / 3) * 1_000);
    const ends = await Promise.all(farm.servers.splice(0, 2).map((server) => server.stop()));
    const { answered, wrong } = await asking;
    const row = { "exit codes": ends.join(", "), answered, wrong };
    report.table("Two of four servers stopped in the middle of it", "scale", [row]);
    await farm.stop();
  });
