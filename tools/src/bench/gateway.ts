import { setTimeout as pause } from "node:timers/promises";
import { AppProcess, type PrivateBroker } from "@weather/testing";
import { gatewayOptions, programs } from "./bundle.ts";
import type { Listened } from "./event-listeners.ts";
import type { HttpWorkload } from "./http-load.ts";
import { LoadProcess } from "./load-process.ts";
import type { Answered } from "./answered.ts";
import { interleaved, medianOf, ratioOf, usage, type Report } from "./measured.ts";
import { startReady, Testbed, withBroker } from "./testbed.ts";

const path = "/v1/forecasts/ohio";
const listeners = 2_000;

/** The cost of the gateway: its cached reply compared with a bare route, its other replies compared with `ask`. */
export const gatewaySuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    const testbed = await Testbed.start(broker, "gateway");
    await testbed.serveReadily("ours", "quorum");
    const starts: number[] = [];
    for (let round = 0; round < (quick ? 3 : 11); round += 1) {
      const { process, milliseconds } = await startGateway(testbed.url);
      await process.stop();
      starts.push(milliseconds);
    }
    const { process: gateway, url } = await startGateway(testbed.url);
    const bare = AppProcess.run(programs.bareFastify, { arguments: [`${url}${path}?seed=7`] });
    const bareUrl = (await bare.says("bare-fastify answers")).split(" ").at(-1) ?? "";
    const http = await LoadProcess.start<HttpWorkload, Answered & Listened>(programs.httpLoad, url);

    const rounds = await measureRounds(quick, testbed, http, bareUrl);
    const rss = (await usage(gateway.pid)).rss;
    const rows = Object.entries(rounds).map(([contender, all]) => ({
      contender,
      "requests/s": medianOf(all, (one) => one.perSecond),
      "p50 ms": medianOf(all, (one) => one.p50),
      "p99 ms": medianOf(all, (one) => one.p99),
      wrong: all.reduce((sum, one) => sum + one.wrong, 0),
    }));
    report.table("HTTP beside AMQP", "gateway", rows);

    const live = await listening(broker, quick);
    const added = (figure: "p50" | "p99", over: Answered[], alone: Answered[]) =>
      medianOf(
        over.map((one, index) => one[figure] - (alone[index]?.[figure] ?? NaN)),
        (one) => one,
      );
    const rate = ({ perSecond }: Answered) => perSecond;
    const targets: Target[] = [
      [
        "cached reply, to a bare Fastify route",
        ratioOf(rounds["cached, 64"], rounds["bare Fastify, 64"], rate),
        "≥",
        0.8,
      ],
      ["uncached at 64, to ask", ratioOf(rounds["uncached, 64"], rounds["ask, 64"], rate), "≥", 0.6],
      ["p50 added to one request, ms", added("p50", rounds["uncached, 1"], rounds["ask, 1"]), "≤", 0.5],
      ["p99 added at 64, ms", added("p99", rounds["uncached, 64"], rounds["ask, 64"]), "≤", 5],
      [
        "lists of 1,000, to 64 connections",
        ratioOf(rounds["lists of 1,000"], rounds["uncached, 64"], rate),
        "≥",
        1.5,
      ],
      [`event at the last of ${listeners.toLocaleString("en-US")} listeners, ms`, live.last, "≤", 250],
      ["memory of a listener, kB", live.memory, "≤", 40],
      ["memory after 64 connections, MB", rss, "<", 110],
      ["start to readyz, ms", medianOf(starts, (one) => one), "<", 400],
    ];
    report.table(
      "The gateway's targets",
      "gateway",
      targets.map(([what, figure, sign, target]) => ({
        what,
        figure,
        target: `${sign} ${target}`,
        "": (sign === "≥" ? figure >= target : figure <= target) ? "met" : "missed",
      })),
    );
    http.stop();
    await Promise.all([gateway.stop(), bare.stop(), testbed.stop()]);
  });

type Target = readonly [what: string, figure: number, sign: "≥" | "≤" | "<", target: number];

async function measureRounds(quick: boolean, testbed: Testbed, http: Load, bareUrl: string) {
  const seconds = quick ? 1 : 2;
  const get = (target: string, distinct: boolean, connections: number) => () =>
    http.ask({ get: target, distinct, connections, seconds });
  const ask = (inFlight: number) => () => testbed.client.ask({ asked: { forecast: {} }, inFlight, seconds });
  const contenders = {
    "bare Fastify, 64": get(bareUrl, false, 64),
    "cached, 64": get(`${path}?seed=7`, false, 64),
    "ask, 64": ask(64),
    "uncached, 64": get(path, true, 64),
    "lists of 1,000": () => http.ask({ list: 1_000, seconds }),
    "ask, 1": ask(1),
    "uncached, 1": get(path, true, 1),
  };
  type Name = keyof typeof contenders;
  // V8 compiles each path first.
  const warmUp = { distinct: true, connections: 64, seconds: 4 };
  await http.ask({ ...warmUp, get: path });
  await http.ask({ ...warmUp, get: `${path}?seed=7`, distinct: false });
  await http.ask({ ...warmUp, get: bareUrl, distinct: false });
  await testbed.client.ask({ asked: { forecast: {} }, inFlight: 64, seconds: 4 });
  return interleaved(Object.keys(contenders) as Name[], quick ? 3 : 11, (name): Promise<Answered> =>
    contenders[name](),
  );
}

type Load = LoadProcess<HttpWorkload, Answered & Listened>;

/** Measures listeners with a separate gateway, so that they alone determine its memory. */
async function listening(broker: PrivateBroker, quick: boolean): Promise<{ last: number; memory: number }> {
  const testbed = await Testbed.start(broker, "listeners");
  await testbed.serveOhio({});
  const { process: gateway, url } = await startGateway(testbed.url);
  const http: Load = await LoadProcess.start(programs.httpLoad, url);
  await http.ask({ listeners: 100, seconds: 2 });
  const before = await usage(gateway.pid);
  const heard = http.ask({ listeners, seconds: quick ? 5 : 20 });
  await pause(quick ? 8_000 : 20_000);
  const during = await usage(gateway.pid);
  const { last, wrong } = await heard;
  if (wrong > 0) throw new Error(`${wrong} events did not reach their listeners`);
  http.stop();
  await Promise.all([gateway.stop(), testbed.stop()]);
  return {
    last: medianOf(last, (one) => one),
    memory: ((during.rss - before.rss) * 2 ** 20) / 1_000 / listeners,
  };
}

const startGateway = (broker: string) =>
  startReady(programs.gateway, "GATEWAY_PORT", { AMQP_URL: broker, NODE_OPTIONS: gatewayOptions });
