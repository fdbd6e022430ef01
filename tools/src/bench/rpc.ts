import type { PrivateBroker } from "@weather/testing";
import { Testbed, withBroker, type QueueType } from "./testbed.ts";
import type { Contender, Workload } from "./load.ts";
import { compared, interleaved, type Measured, type Report } from "./measured.ts";

/** A request of 118 B. Its reply has 1.2 kB. */
const short = { kind: "forecast", station: "KCMH", start: "2026-11-23", days: 5, members: 10 } as const;

/** The cost of a request with our library, compared with bare amqplib. */
export const rpcSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    for (const type of ["quorum", "classic"] as const) await compare(broker, type, quick, report);
    await together(broker, quick, report);
    await remembered(broker, quick, report);
  });

async function compare(
  broker: PrivateBroker,
  type: QueueType,
  quick: boolean,
  report: Report,
): Promise<void> {
  const contenders: Contender[] = ["raw", "ours"];
  const testbeds = {} as Record<Contender, Testbed>;
  for (const contender of contenders) {
    testbeds[contender] = await Testbed.start(broker, `${contender}-${type}`, contender);
    await testbeds[contender].serveReadily(contender, type);
  }
  // Until V8 has compiled a path, its figures are those of the start of a process. One request at a time would take minutes to get there.
  for (const testbed of Object.values(testbeds))
    await testbed.measure({ asked: { forecast: short }, inFlight: 64, count: 20_000 });
  const rows: Row[] = [];
  for (const inFlight of [1, 64, 256]) {
    const rounds = await race(contenders, quick, (name, seconds) =>
      testbeds[name].measure({ asked: { forecast: short }, inFlight, seconds }),
    );
    for (const [contender, all] of Object.entries(rounds)) {
      rows.push({ "in flight": inFlight, contender, ...compared(all, rounds.raw, "raw") });
    }
  }
  await Promise.all(Object.values(testbeds).map((testbed) => testbed.stop()));
  report.table(`One request, ${type} queue`, "rpc", rows);
}

/** Many questions in one message. */
async function together(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const testbed = await Testbed.start(broker, "together");
  await testbed.serveReadily("ours", "quorum");
  const rows: Row[] = [];
  for (const inFlight of [10, 100, 1000]) {
    const rounds = await race(["ask", "askEach"], quick, (name, seconds) =>
      testbed.measure({ asked: { forecast: short }, inFlight, seconds, together: name === "askEach" }),
    );
    for (const [how, all] of Object.entries(rounds)) {
      const { "p50 ms": p50, "p50 to ask": toAsk, "p99 ms": p99, ...row } = compared(all, rounds.ask, "ask");
      rows.push({ "in flight": inFlight, how, ...row });
    }
  }
  await testbed.stop();
  report.table("Many questions at once", "rpc", rows);
}

/** A finished reply from the server's cache, compared with a forecast that is computed. */
async function remembered(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const forecast = { ...short, members: 200 };
  const testbeds = {
    "no cache": await Testbed.start(broker, "no-cache"),
    miss: await Testbed.start(broker, "miss"),
    hit: await Testbed.start(broker, "hit"),
  };
  await testbeds["no cache"].serveOhio({ FORECAST_CACHE: "0" });
  await testbeds.miss.serveOhio({});
  await testbeds.hit.serveOhio({});
  const names = Object.keys(testbeds) as (keyof typeof testbeds)[];
  const rounds = await race(names, quick, (name, seconds) => {
    const asked: Workload["asked"] = { forecast: name === "hit" ? { ...forecast, seed: 7 } : forecast };
    return testbeds[name].measure({ asked, inFlight: 64, seconds });
  });
  await Promise.all(Object.values(testbeds).map((testbed) => testbed.stop()));
  const rows = Object.entries(rounds).map(([reply, all]) => ({
    reply,
    ...compared(all, rounds["no cache"], "no cache"),
  }));
  report.table("The finished reply, from the cache or not: 5 days, 200 members, 64 in flight", "rpc", rows);
}

const race = <Name extends string>(
  names: Name[],
  quick: boolean,
  measure: (name: Name, seconds: number) => Promise<Measured>,
) => interleaved(names, quick ? 3 : 11, (name) => measure(name, quick ? 0.5 : 2));

type Row = Record<string, string | number>;
