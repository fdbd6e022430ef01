import { setTimeout as pause } from "node:timers/promises";
import type { PrivateBroker } from "@weather/testing";
import { openBacklog } from "./backlog.ts";
import { Testbed, withBroker } from "./testbed.ts";
import { compared, interleaved, medianOf, usage, type Report } from "./measured.ts";
import { measureSeries, pairs } from "./series.ts";

const suite = "growth";
const inFlight = 64;

/** Growth of a request's cost with states, with servers and the time of their model, with the queue, and with its size. */
export const growthSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    const seconds = quick ? 1 : 5;
    const names = (states: number) => Array.from({ length: states }, (_, index) => `state-${index + 1}`);
    await measureSeries(broker, report, {
      title: `States with a server each, ${inFlight} in flight`,
      suite,
      cases: [1, 2, 5, 10].map((states) => ({ states })),
      prepare: async (testbed, { states }) => {
        for (const name of names(states).slice(testbed.servers.length)) await testbed.serveEcho(name);
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

    await measureSeries(broker, report, {
      title: `Servers of one state, by the time of its model, ${inFlight} in flight`,
      suite,
      cases: pairs([1, 2, 4], [0.1, 1, 10]).map(([servers, model]) => ({ "model ms": model, servers })),
      prepare: async (testbed, { servers }) => {
        while (testbed.servers.length < servers) await testbed.serveEcho("one");
      },
      load: ({ "model ms": work }) => ({ asked: { echoes: ["one"], work, text: "" }, inFlight, seconds }),
      warmUp: 1,
      shows: ["requests/s", "p50 ms", "p99 ms"],
      comparedBy: ({ "model ms": work }) => work,
    });

    const rows = [];
    for (const count of [0, 10_000, quick ? 100_000 : 1_000_000]) {
      rows.push(await waiting(broker, count, seconds));
    }
    report.table("A queue of constant length while requests are answered", suite, rows);
    await payload(broker, quick, report);
  });

async function waiting(broker: PrivateBroker, count: number, seconds: number) {
  const testbed = await Testbed.start(broker, `waiting-${count}`);
  await testbed.serveEcho("one");
  await testbed.stopServers(); // its queue stays
  const backlog = await openBacklog(testbed.url);
  const perSecond = async (work: () => Promise<unknown>, done: () => number) => {
    const [before, began] = [done(), performance.now()];
    await work();
    return (done() - before) / ((performance.now() - began) / 1_000);
  };
  const length = Math.max(count, inFlight);
  const filling = await perSecond(() => backlog.fill(length), backlog.sent);
  const began = performance.now();
  await testbed.serveEcho("one");
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
  await testbed.stop();
  await broker.ctl("delete_vhost", `waiting-${count}`);
  return row;
}

async function payload(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const testbeds = {
    raw: await Testbed.start(broker, "payload-raw", "raw"),
    ours: await Testbed.start(broker, "payload-ours"),
  };
  await testbeds.raw.serveEcho("one", "raw");
  await testbeds.ours.serveEcho("one");
  const rows = [];
  for (const bytes of [100, 1_000, 10_000, 64_000]) {
    const asked = { echoes: ["one"], work: 0, text: "x".repeat(bytes) };
    const rounds = await interleaved(["raw", "ours"], quick ? 1 : 5, (name) =>
      testbeds[name].measure({ asked, inFlight, seconds: quick ? 1 : 2 }),
    );
    const megabytes = medianOf(rounds.ours, (one) => (one.perSecond * bytes) / 1e6);
    rows.push({ bytes, "MB/s each way": megabytes, ...compared(rounds.ours, rounds.raw, "raw") });
  }
  await Promise.all(Object.values(testbeds).map((testbed) => testbed.stop()));
  report.table(`Size of a request and of its reply, ${inFlight} in flight`, suite, rows);
}
