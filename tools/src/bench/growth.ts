import { setTimeout as pause } from "node:timers/promises";
import type { PrivateBroker } from "@weather/testing";
import { openBacklog } from "./backlog.ts";
import { Farm, withBroker } from "./farm.ts";
import { compared, interleaved, medianOf, usage, type Report } from "./measured.ts";
import { measureSeries, pairs } from "./series.ts";

const suite = "growth";
const inFlight = 64;

/** How the cost of a request grows: with states, with servers and the time of their model, with what waits, with its size. */
export const growthSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    const seconds = quick ? 1 : 5;
    const names = (states: number) => Array.from({ length: states }, (_, index) => `state-${index + 1}`);
    const states = await measureSeries(broker, report, {
      title: `States with a server each, ${inFlight} in flight`,
      suite,
      cases: [1, 2, 5, 10].map((states) => ({ states })),
      prepare: async (farm, { states }) => {
        for (const name of names(states).slice(farm.servers.length)) await farm.serveEcho(name);
      },
      load: ({ states }) => ({
        asked: { echoes: names(states), work: 0, text: "x".repeat(100) },
        inFlight,
        seconds,
      }),
      warmUp: 1,
      shows: ["requests/s", "p50 ms", "p99 ms", "client CPU s/10⁴", "servers CPU s/10⁴", "broker CPU s/10⁴"],
      comparedBy: () => "all",
    });
    await states.stop();

    const servers = await measureSeries(broker, report, {
      title: `Servers of one state, by the time of its model, ${inFlight} in flight`,
      suite,
      cases: pairs([1, 2, 4], [0.1, 1, 10]).map(([servers, model]) => ({ "model ms": model, servers })),
      prepare: async (farm, { servers }) => {
        while (farm.servers.length < servers) await farm.serveEcho("one");
      },
      load: ({ "model ms": work }) => ({ asked: { echoes: ["one"], work, text: "" }, inFlight, seconds }),
      warmUp: 1,
      shows: ["requests/s", "p50 ms", "p99 ms"],
      comparedBy: ({ "model ms": work }) => work,
    });
    await servers.stop();

    const rows = [];
    for (const count of [0, 10_000, quick ? 100_000 : 1_000_000]) {
      rows.push(await waiting(broker, count, seconds));
    }
    report.table("A queue in which requests wait, and goes on being as long", suite, rows);
    await payload(broker, quick, report);
  });

async function waiting(broker: PrivateBroker, count: number, seconds: number) {
  const farm = await Farm.start(broker, `waiting-${count}`);
  await farm.serveEcho("one");
  await farm.stopServers(); // its queue stays
  const backlog = await openBacklog(farm.url);
  const perSecond = async (work: () => Promise<unknown>, done: () => number) => {
    const [before, began] = [done(), performance.now()];
    await work();
    return (done() - before) / ((performance.now() - began) / 1_000);
  };
  const length = Math.max(count, inFlight);
  const filling = await perSecond(() => backlog.fill(length), backlog.sent);
  const began = performance.now();
  await farm.serveEcho("one");
  while (backlog.answered() === 0) await pause(1);
  const first = performance.now() - began;
  await pause(1_000);
  const row = {
    waiting: count,
    "filled at, requests/s": filling,
    "first answer after, ms": first,
    "then answered/s": await perSecond(() => pause(seconds * 1_000), backlog.answered),
    "broker RSS MB": (await usage(broker.pid)).rss,
  };
  await backlog.close();
  await farm.stop();
  await broker.ctl("delete_vhost", `waiting-${count}`);
  return row;
}

async function payload(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const farms = {
    raw: await Farm.start(broker, "payload-raw", "raw"),
    ours: await Farm.start(broker, "payload-ours"),
  };
  await farms.raw.serveEcho("one", "raw");
  await farms.ours.serveEcho("one");
  const rows = [];
  for (const bytes of [100, 1_000, 10_000, 64_000]) {
    const asked = { echoes: ["one"], work: 0, text: "x".repeat(bytes) };
    const rounds = await interleaved(["raw", "ours"], quick ? 1 : 5, (name) =>
      farms[name].measure({ asked, inFlight, seconds: quick ? 1 : 2 }),
    );
    const megabytes = medianOf(rounds.ours, (one) => (one.perSecond * bytes) / 1e6);
    rows.push({ bytes, "MB/s each way": megabytes, ...compared(rounds.ours, rounds.raw, "raw") });
  }
  await Promise.all(Object.values(farms).map((farm) => farm.stop()));
  report.table(`Size of a request and of its reply, ${inFlight} in flight`, suite, rows);
}
