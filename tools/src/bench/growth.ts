import { setTimeout as pause } from "node:timers/promises";
import amqplib from "amqplib";
import type { PrivateBroker } from "@weather/testing";
import { echoFrom } from "./echo.ts";
import { Farm, withBroker } from "./farm.ts";
import { interleaved, medianOf, ratioOf, usage, type Report } from "./measured.ts";

const inFlight = 64;

/** How the cost of a request grows: with states, with servers and the time of their model, with what waits, with its size. */
export const growthSuite = (quick: boolean, report: Report) =>
  withBroker(async (broker) => {
    const seconds = quick ? 1 : 5;
    await states(broker, seconds, report);
    await servers(broker, seconds, report);
    await waiting(broker, quick, seconds, report);
    await payload(broker, quick, report);
  });

async function states(broker: PrivateBroker, seconds: number, report: Report): Promise<void> {
  const farm = await Farm.start(broker, "states");
  const echoes: string[] = [];
  const rows = [];
  let alone = NaN;
  for (const count of [1, 2, 5, 10]) {
    while (echoes.length < count) {
      echoes.push(`state-${echoes.length + 1}`);
      await farm.serveEcho(echoes.at(-1) ?? "");
    }
    const asked = { echoes, work: 0, text: "x".repeat(100) };
    await farm.client.ask({ asked, inFlight, seconds: 1 });
    const { perSecond, p50, p99, client, server, broker, wrong } = await farm.measure({
      asked,
      inFlight,
      seconds,
    });
    if (count === 1) alone = perSecond;
    rows.push({
      states: count,
      "requests/s": perSecond,
      "to one": perSecond / alone,
      "p50 ms": p50,
      "p99 ms": p99,
      "client CPU s/10⁴": client,
      "servers CPU s/10⁴": server,
      "broker CPU s/10⁴": broker,
      wrong,
    });
  }
  await farm.stop();
  report.table(`States with a server each, ${inFlight} in flight`, "growth", rows);
}

async function servers(broker: PrivateBroker, seconds: number, report: Report): Promise<void> {
  const farm = await Farm.start(broker, "servers");
  const rows = [];
  const alone = new Map<number, number>();
  for (const count of [1, 2, 4]) {
    while (farm.servers.length < count) await farm.serveEcho("one");
    for (const work of [0.1, 1, 10]) {
      const asked = { echoes: ["one"], work, text: "" };
      await farm.client.ask({ asked, inFlight, seconds: 1 });
      const { perSecond, p50, p99, wrong } = await farm.client.ask({ asked, inFlight, seconds });
      if (count === 1) alone.set(work, perSecond);
      rows.push({
        "model ms": work,
        servers: count,
        "requests/s": perSecond,
        "to one": perSecond / (alone.get(work) ?? NaN),
        "p50 ms": p50,
        "p99 ms": p99,
        wrong,
      });
    }
  }
  await farm.stop();
  rows.sort((one, other) => one["model ms"] - other["model ms"]);
  report.table(`Servers of one state, by the time of its model, ${inFlight} in flight`, "growth", rows);
}

async function waiting(
  broker: PrivateBroker,
  quick: boolean,
  seconds: number,
  report: Report,
): Promise<void> {
  const rows = [];
  for (const count of [0, 10_000, quick ? 100_000 : 1_000_000]) {
    const farm = await Farm.start(broker, `waiting-${count}`);
    await farm.serveEcho("one");
    await farm.stopServers(); // its queue stays
    const backlog = await Backlog.open(farm.url, Math.max(count, inFlight));
    const filling = await backlog.fill();
    const began = performance.now();
    await farm.serveEcho("one");
    await backlog.answered(1);
    const first = performance.now() - began;
    await pause(1_000);
    const perSecond = await backlog.rate(seconds);
    rows.push({
      waiting: count,
      "filled at, requests/s": filling,
      "first answer after, ms": first,
      "then answered/s": perSecond,
      "broker RSS MB": (await usage(broker.pid)).rss,
    });
    await backlog.close();
    await farm.stop();
    await broker.ctl("delete_vhost", `waiting-${count}`);
  }
  report.table("A queue in which requests wait, and goes on being as long", "growth", rows);
}

/** Requests that wait, with one more for each that is answered. */
class Backlog {
  readonly #length: number;
  readonly #model: amqplib.ChannelModel;
  readonly #channel: amqplib.ConfirmChannel;
  #replyTo = "";
  #sent = 0;
  #answered = 0;

  private constructor(length: number, model: amqplib.ChannelModel, channel: amqplib.ConfirmChannel) {
    this.#length = length;
    this.#model = model;
    this.#channel = channel;
  }

  static async open(url: string, length: number): Promise<Backlog> {
    const model = await amqplib.connect(url, { noDelay: true });
    const backlog = new Backlog(length, model, await model.createConfirmChannel());
    await backlog.#listen();
    return backlog;
  }

  /** @returns requests per second that the broker took */
  async fill(): Promise<number> {
    const began = performance.now();
    while (this.#sent < this.#length) {
      this.#send();
      // The broker would take whatever comes, and keep it in memory.
      if (this.#sent % 5_000 === 0) await this.#channel.waitForConfirms();
    }
    await this.#channel.waitForConfirms();
    return this.#sent / ((performance.now() - began) / 1_000);
  }

  async answered(count: number): Promise<void> {
    while (this.#answered < count) await pause(1);
  }

  /** @returns answers per second */
  async rate(seconds: number): Promise<number> {
    const [before, began] = [this.#answered, performance.now()];
    await pause(seconds * 1_000);
    return (this.#answered - before) / ((performance.now() - began) / 1_000);
  }

  async close(): Promise<void> {
    await this.#model.close();
  }

  async #listen(): Promise<void> {
    const { queue } = await this.#channel.assertQueue("", { exclusive: true });
    this.#replyTo = queue;
    await this.#channel.consume(
      queue,
      () => {
        this.#answered += 1;
        this.#send();
      },
      { noAck: true },
    );
  }

  #send(): void {
    this.#sent += 1;
    const { exchange, routingKey } = echoFrom("one");
    const request = Buffer.from(JSON.stringify({ number: this.#sent, work: 0, text: "x".repeat(80) }));
    const properties = { replyTo: this.#replyTo, correlationId: String(this.#sent) };
    this.#channel.publish(exchange, routingKey, request, properties);
  }
}

async function payload(broker: PrivateBroker, quick: boolean, report: Report): Promise<void> {
  const farms = {
    raw: await Farm.start(broker, "payload-raw", "raw"),
    ours: await Farm.start(broker, "payload-ours"),
  };
  await farms.raw.serveEcho("one", "raw");
  await farms.ours.serveEcho("one");
  const rows = [];
  for (const size of [100, 1_000, 10_000, 64_000]) {
    const asked = { echoes: ["one"], work: 0, text: "x".repeat(size) };
    const rounds = await interleaved(["raw", "ours"], quick ? 1 : 5, (name) =>
      farms[name].measure({ asked, inFlight, seconds: quick ? 1 : 2 }),
    );
    const all = rounds["ours"] ?? [];
    const raw = rounds["raw"] ?? [];
    rows.push({
      bytes: size,
      "requests/s": medianOf(all, (one) => one.perSecond),
      "MB/s each way": medianOf(all, (one) => (one.perSecond * size) / 1e6),
      "to raw": ratioOf(all, raw, (one) => one.perSecond),
      "p50 ms": medianOf(all, (one) => one.p50),
      "p50 to raw": ratioOf(all, raw, (one) => one.p50),
      wrong: all.reduce((sum, one) => sum + one.wrong, 0),
    });
  }
  await Promise.all(Object.values(farms).map((farm) => farm.stop()));
  report.table(`Size of a request and of its reply, ${inFlight} in flight`, "growth", rows);
}
