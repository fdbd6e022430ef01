import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { PrivateBroker, Vhost } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { BrokerUnreachableError, connect, type Broker } from "../src/index.ts";
import { refuse, sports, test as base } from "./sports.ts";

let node: PrivateBroker;
beforeAll(async () => {
  node = await PrivateBroker.start({ server: serverForTests(), management: true });
});
afterAll(() => node.stop());

const raiseAlarm = () => node.ctl("set_vm_memory_high_watermark", "0.00001");
const endAlarm = () => node.ctl("set_vm_memory_high_watermark", "0.4");

const test = base.extend<{ vhost: Vhost; begun: string[]; client: Broker }>({
  vhost: async ({}, use) => {
    const vhost = await Vhost.create(node);
    await use(vhost);
    await endAlarm();
    await vhost.remove();
  },
  begun: async ({ open }, use) => {
    const begun: string[] = [];
    const server = await open();
    const handler = ({ team }: { team: string }) => (begun.push(team), { by: "daemon", says: team });
    await server.answer(sports, handler, { refuse, concurrency: 1 });
    await use(begun);
  },
  /** A client that has been answered by its server. */
  client: async ({ vhost, begun, afterwards }, use) => {
    const client = await connect(vhost.url, { name: "client" });
    afterwards(() => client.drain());
    await client.ask(sports, { team: "before" });
    begun.length = 0;
    await use(client);
  },
});

const names = (word: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${word} ${index}`);

/** Publishes, because the broker reports an alarm only to a connection that publishes. */
async function blocked(client: Broker): Promise<{ probe: Promise<unknown> }> {
  await raiseAlarm();
  const probe = client.ask(sports, { team: "probe" }, { deadline: 60_000 });
  await until("the client knows", () => client.blocked !== undefined);
  return { probe };
}

describe("while the broker takes no messages", () => {
  test("requests wait in the client; cancelled ones are never sent, the others are sent in order", async ({
    client,
    begun,
  }) => {
    const { probe } = await blocked(client);
    const ask = (team: string, deadline: number) => client.ask(sports, { team }, { deadline });
    const late = names("late", 200).map((team) => ask(team, 500));
    const patient = names("patient", 100).map((team) => ask(team, 60_000));
    for (const end of await Promise.allSettled(late)) {
      expect(end).toMatchObject({ status: "rejected", reason: { name: "AnswerTimeoutError" } });
      expect(String((end as PromiseRejectedResult).reason)).toContain("takes no messages at present");
    }
    await expect(client.gather(sports, { team: "all" }).next()).rejects.toBeInstanceOf(
      BrokerUnreachableError,
    );
    await endAlarm();
    const answers = await Promise.all(patient);
    expect(answers.map(({ says }) => says)).toEqual(names("patient", 100));
    await probe;
    expect(begun.filter((team) => team !== "probe")).toEqual(names("patient", 100));
  });

  test("requests that were written before are not handled once their callers have given up", async ({
    client,
    begun,
  }) => {
    await raiseAlarm();
    // Ten megabytes in one turn: more than the broker reads before it blocks the connection.
    const burst = names("x".repeat(20_000), 500).map((team) =>
      client.ask(sports, { team }, { deadline: 1_500 }),
    );
    await Promise.allSettled(burst);
    expect(client.blocked).toBeDefined();
    const inTime = begun.length;
    expect(inTime).toBeLessThan(500);
    await endAlarm();
    expect((await client.ask(sports, { team: "after" }, { deadline: 30_000 })).says).toBe("after");
    expect(begun.length - inTime - 1).toBe(0);
  });

  test("a client that asks without end has a limit, and gets an error", async ({ client }) => {
    const { probe } = await blocked(client);
    const stop = new AbortController();
    const ends: Promise<unknown>[] = [];
    for (let number = 0; number < 10_000; number += 1) {
      const team = `${number} ${"x".repeat(50_000)}`;
      ends.push(
        client
          .ask(sports, { team }, { deadline: 60_000, signal: stop.signal })
          .catch((error: Error) => error.name),
      );
      if (number % 100 === 0) await pause(1);
    }
    stop.abort();
    const errors = await Promise.all(ends);
    const count = (name: string) => errors.filter((error) => error === name).length;
    expect(count("TooManyRequestsError") + count("AbortError")).toBe(10_000);
    // 64 MiB of 50 kB each.
    expect(count("AbortError")).toBeLessThan(1_400);
    await endAlarm();
    await probe;
    expect((await client.ask(sports, { team: "after" }, { deadline: 30_000 })).says).toBe("after");
  });
});
