import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import { PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { connect, type Log } from "../src/index.ts";
import { reds, test } from "./daemon.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports } from "./sports.ts";

describe("a request whose try failed", () => {
  test("is tried again after half a second, and after two more, while the event loops answer others", async ({
    open,
    foreign,
  }) => {
    const broker = await open();
    const tries: number[] = [];
    const handler = ({ team }: { team: string }) => {
      if (team !== "crash") return { by: "daemon", says: team };
      tries.push(performance.now());
      throw new Error("the cheerleader fell");
    };
    await broker.answer(sports, handler, { refuse, concurrency: 1 });
    foreign.publish("sports.ohio", '{"team":"crash"}', { replyTo: foreign.queue, correlationId: "bad" });
    await until("it was tried", () => tries.length === 1);
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "good" });
    await foreign.reply("good");
    expect(tries).toHaveLength(1);
    await foreign.reply("bad");
    const [first = 0, second = 0, third = 0] = tries;
    expect(second - first).toBeGreaterThan(450);
    expect(second - first).toBeLessThan(1_900);
    expect(third - second).toBeGreaterThan(1_950);
  });

  test("is answered when the model has recovered", async ({ open, foreign }) => {
    const broker = await open();
    const recovered = performance.now() + 1_000;
    const handler = ({ team }: { team: string }) => {
      if (performance.now() < recovered) throw new Error("not yet");
      return { by: "daemon", says: team };
    };
    await broker.answer(sports, handler, { refuse });
    for (const correlationId of ["1", "2", "3"])
      foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId });
    for (const id of ["1", "2", "3"]) expect(await foreign.reply(id)).toMatchObject({ by: "daemon" });
    expect(await foreign.get(sports.deadLetter)).toBeUndefined();
  });

  test("is dead-lettered, and its sender told, if the sender will not wait for the next try", async ({
    daemon,
    foreign,
    settled,
  }) => {
    await daemon();
    const expiration = "2000";
    foreign.publish("sports.ohio", '{"team":"crash"}', {
      replyTo: foreign.queue,
      correlationId: "1",
      expiration,
    });
    expect(await foreign.reply("1")).toEqual({
      by: "refusal",
      says: "given up after 2 tries: the cheerleader fell (the next try would come too late)",
    });
    expect(settled.map(({ outcome }) => outcome)).toEqual(["requeued", "dead-lettered"]);
    const kept = await foreign.get(sports.deadLetter);
    expect(kept?.properties.headers).toMatchObject({ "x-attempts": 2, "x-original-expiration": expiration });
  });

  test("is not handled after its time is over, although RabbitMQ removed its expiration", async ({
    open,
    foreign,
    settled,
  }) => {
    const broker = await open();
    let tries = 0;
    const handler = async ({ team }: { team: string }) => {
      if (team === "crash" && (tries += 1) === 1) throw new Error("the cheerleader fell");
      await pause(1_500);
      return { by: "daemon", says: team };
    };
    const options = { refuse, concurrency: 1, prefetch: 1, onSettled: settled.push.bind(settled) };
    await broker.answer(sports, handler, options);
    foreign.publish("sports.ohio", '{"team":"crash"}', { replyTo: foreign.queue, expiration: "1000" });
    await until("it was tried", () => tries === 1);
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "slow" });
    await until("it was dropped", () => settled.some(({ outcome }) => outcome === "expired"));
    expect(tries).toBe(1);
  });
});

describe("forged x-death headers", () => {
  const forged = {
    "x-death": [1],
    "x-first-death-reason": 7,
    "x-first-death-queue": [],
    "x-first-death-exchange": {},
  };

  test("do not take the queue down when requests expire, fail and go through retry queues", async ({
    daemon,
    foreign,
    open,
    settled,
  }) => {
    const broker = await daemon();
    await broker.drain();
    for (let number = 0; number < 20; number += 1)
      foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, expiration: "50", headers: forged });
    await pause(300);
    settled.length = 0;
    await daemon();
    foreign.publish("sports.ohio", '{"team":"crash"}', {
      replyTo: foreign.queue,
      correlationId: "bad",
      headers: forged,
    });
    expect(await foreign.reply("bad")).toMatchObject({ by: "refusal" });
    expect(await (await open()).ask(sports, { team: "Reds" })).toMatchObject({ by: "daemon" });
    const kept = await foreign.get(sports.deadLetter);
    expect(kept?.properties.headers).not.toHaveProperty("x-death");
  });
});

test("a retry queue or the dead letters' queue that an operator deletes is made anew", async ({
  daemon,
  foreign,
}) => {
  await daemon();
  const crash = (correlationId: string) => {
    foreign.publish("sports.ohio", '{"team":"crash"}', { replyTo: foreign.queue, correlationId });
    return foreign.reply(correlationId);
  };
  await crash("1");
  for (const queue of ["sports.retry.500ms", "sports.retry.2s", sports.deadLetter, "sports.quarantine"])
    await foreign.channel.deleteQueue(queue);
  expect(await crash("2")).toMatchObject({ says: "given up after 3 tries: the cheerleader fell" });
  expect((await foreign.get(sports.deadLetter))?.properties.correlationId).toBe("2");
});

test("a queue of an earlier version is used, and the command that one log line gives mends it", async ({
  afterwards,
}) => {
  const node = await PrivateBroker.start({ server: serverForTests() });
  afterwards(() => node.stop());
  const foreign = await ForeignClient.connect(node.url);
  afterwards(() => foreign.close());
  const before = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 3,
    "x-dead-letter-exchange": "sports.dead-letter",
  };
  await foreign.channel.assertQueue("sports", { durable: true, arguments: before });
  const warnings: { queue?: string; mend?: string }[] = [];
  const quiet = () => {};
  const warn = (details: object) => void warnings.push(details);
  const log: Log = { debug: quiet, info: quiet, warn, error: quiet };
  const broker = await connect(node.url, { name: "server", log });
  afterwards(() => broker.drain());
  await broker.answer(sports, ({ team }) => ({ by: "daemon", says: team }), { refuse });
  expect((await broker.ask(sports, { team: "Reds" })).by).toBe("daemon");
  const mends = () => warnings.filter(({ queue, mend }) => queue === "sports" && mend);
  const words = /rabbitmqctl (delete_queue --vhost '\/' 'sports')/.exec(mends()[0]?.mend ?? "")?.[1] ?? "";
  await node.ctl(...words.replaceAll("'", "").split(" "));
  await until("it is made anew", async () => (await broker.counts(sports))?.servers === 1);
  expect((await broker.ask(sports, { team: "Reds" })).by).toBe("daemon");
  await foreign.channel.assertQueue("sports", {
    durable: true,
    arguments: { "x-queue-type": "quorum", "x-delivery-limit": 1_000_000 },
  });
  expect(mends()).toHaveLength(1);
});
