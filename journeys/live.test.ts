import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import type { FarmReport } from "@weather/contracts";
import { PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { ohio, test as base } from "./farm.ts";

interface Times {
  p50: number;
  p99: number;
}

interface LiveState extends FarmReport {
  reachable: boolean;
  answeredPerSecond: number | null;
  settledPerSecond: number | null;
  deadLetters: number | null;
  wait: Times | null;
  handler: Times | null;
}

interface LiveEvent {
  broker: { ok: true } | { ok: false; since: string; message: string };
  deadLetters: number | null;
  states: LiveState[];
}

interface Told {
  event: string;
  id: string;
  data: LiveEvent;
}

/** A listener of `/v1/live`. */
interface Listener {
  readonly response: Response;
  readonly events: Told[];
  /** The newest state of Ohio. */
  readonly ohio: () => LiveState | undefined;
  readonly ended: () => boolean;
}

const test = base.extend<{ listen: (url: string) => Promise<Listener> }>({
  listen: async ({ afterwards }, use) => {
    await use(async (url) => {
      const stop = new AbortController();
      afterwards(() => stop.abort());
      const response = await fetch(`${url}/v1/live`, { signal: stop.signal });
      let text = "";
      let ended = false;
      const events: Told[] = [];
      void (async () => {
        const decoder = new TextDecoder();
        for await (const bytes of response.body ?? []) {
          text += decoder.decode(bytes, { stream: true });
          const parts = text.split("\n\n");
          text = parts.pop() ?? "";
          for (const part of parts) {
            const fields = Object.fromEntries(
              part.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
            ) as Record<string, string>;
            if (fields["event"])
              events.push({ ...fields, data: JSON.parse(fields["data"] ?? "") as LiveEvent } as Told);
          }
        }
      })()
        .catch(() => {})
        .finally(() => (ended = true));
      return {
        response,
        events,
        ohio: () =>
          events
            .findLast(({ event }) => event === "farms")
            ?.data.states.find(({ state }) => state === "ohio"),
        ended: () => ended,
      };
    });
  },
});

describe("a listener of /v1/live", () => {
  test("sees servers come, work and go", async ({ serve, gateway, listen, client }) => {
    const { url } = await gateway();
    const listener = await listen(url);
    expect(Object.fromEntries(listener.response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    });
    await until("an event without servers", () => listener.ohio()?.servers === 0);
    const first = await serve("ohio");
    await until("one server", () => listener.ohio()?.each.length === 1);
    await serve("ohio");
    await until("two servers", () => listener.ohio()?.each.length === 2);
    expect(listener.ohio()).toMatchObject({ reachable: true, servers: 2, silent: 0, deadLetters: 0 });
    expect(listener.ohio()?.settledPerSecond).toBeNull();
    const broker = await client();
    await Promise.all(Array.from({ length: 50 }, (_, seed) => broker.ask(ohio, { seed, members: 10 })));
    await until("their times", () => listener.ohio()?.wait && listener.ohio()?.handler);
    const { each = [], wait, handler } = listener.ohio() ?? {};
    expect(each.reduce((sum, { answered }) => sum + (answered["forecast"] ?? 0), 0)).toBe(50);
    expect(wait?.p99).toBeLessThan(10_000);
    expect(handler?.p50).toBeGreaterThan(0);
    expect(listener.events.some(({ data }) => (data.states[0]?.answeredPerSecond ?? 0) > 0)).toBe(true);
    await first.stop("SIGKILL");
    await until("one server is left", () => listener.ohio()?.servers === 1);
    expect(listener.events.every(({ data }) => data.broker.ok)).toBe(true);
  });

  test("sees a server that is frozen as silent", async ({ serve, gateway, listen }) => {
    const { url } = await gateway();
    const listener = await listen(url);
    const server = await serve("ohio");
    await until("it reports", () => listener.ohio()?.each.length === 1);
    process.kill(server.pid, "SIGSTOP");
    await until("it is silent", () => listener.ohio()?.silent === 1);
    process.kill(server.pid, "SIGCONT");
    await until("it reports again", () => listener.ohio()?.silent === 0);
  });

  test("sees a broker that is frozen or killed, and all as before when it is back", async ({
    serve,
    gateway,
    listen,
    afterwards,
  }) => {
    const broker = await PrivateBroker.start({ server: serverForTests() });
    afterwards(() => broker.stop());
    await serve("ohio", { AMQP_URL: broker.url });
    const { url } = await gateway({ AMQP_URL: broker.url });
    const listener = await listen(url);
    await until("a server", () => listener.ohio()?.servers === 1);
    const last = () => listener.events.at(-1)?.data;
    broker.pause();
    await until("the broker does not answer", () => last()?.broker.ok === false);
    broker.resume();
    await until("the broker answers", () => last()?.broker.ok, 30_000);
    const before = listener.events.length;
    // RabbitMQ 3.10 loses the leader of a quorum queue that is killed in its first seconds.
    await pause(6_000);
    await broker.kill();
    await until("the broker is gone", () => last()?.broker.ok === false);
    expect(listener.ohio()).toMatchObject({ reachable: false, servers: 1 });
    const { broker: gone } = last() ?? {};
    await broker.start();
    await until("the broker is back", () => last()?.broker.ok, 60_000);
    await until("the server is back", () => listener.ohio()?.each.length === 1, 30_000);
    const since = listener.events
      .slice(before)
      .flatMap(({ data }) => (data.broker.ok ? [] : [data.broker.since]));
    expect(new Set(since)).toEqual(new Set([(gone as { since: string }).since]));
  });

  test("hears a goodbye when the gateway stops, and the newest event at once from the next one", async ({
    serve,
    gateway,
    listen,
  }) => {
    await serve("ohio");
    const { url, process: first } = await gateway();
    const listeners = [await listen(url), await listen(url)];
    await until("both have an event", () => listeners.every(({ events }) => events.length > 0));
    expect(await first.stop("SIGTERM")).toBe(0);
    for (const { events, ended } of listeners) {
      await until("it has ended", ended);
      expect(events.at(-1)?.event).toBe("goodbye");
    }
    const next = await listen((await gateway()).url);
    await until("an event", () => next.events.length > 0);
    const ids = [...listeners[0]!.events, ...next.events].map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
  });

  test("sees only queues if the gateway's user may not ask servers, and forecasts are answered", async ({
    vhost,
    serve,
    gateway,
    listen,
    afterwards,
  }) => {
    await serve("ohio");
    // The rights of the definitions before servers had reports.
    const user = vhost.name;
    await vhost.manage("PUT", `/users/${user}`, { password: "secret", tags: "" });
    afterwards(() => vhost.manage("DELETE", `/users/${user}`));
    const rights = { configure: "^$", write: "^(amq\\.(topic|headers)|weather\\.[a-z-]+)$", read: "^$" };
    await vhost.manage("PUT", `/permissions/${vhost.name}/${user}`, rights);
    const topics = { exchange: "amq.topic", write: "^weather\\.[a-z-]+$", read: "^$" };
    await vhost.manage("PUT", `/topic-permissions/${vhost.name}/${user}`, topics);
    const { url, process: running } = await gateway({
      AMQP_URL: vhost.url.replace("guest:guest", `${user}:secret`),
    });
    const listener = await listen(url);
    await until("a server that is silent", () => listener.ohio()?.silent === 1);
    await until("more events", () => listener.events.length > 4);
    for (let seed = 0; seed < 10; seed += 1) {
      expect((await fetch(`${url}/v1/forecasts/ohio?seed=${seed}&members=10`)).status).toBe(200);
    }
    expect(listener.ohio()).toMatchObject({ reachable: true, servers: 1, silent: 1, each: [] });
    const warnings = running.output.filter((line) => line.includes("not allowed to ask servers"));
    expect(warnings.length).toBeLessThanOrEqual(2);
  });

  test("gets dead letters and the rate of the queue if there is a management API", async ({
    vhost,
    serve,
    gateway,
    listen,
  }) => {
    await serve("ohio");
    const { url } = await gateway({ MANAGEMENT_URL: vhost.managementUrl });
    const listener = await listen(url);
    const count = () => listener.events.at(-1)?.data.deadLetters;
    await until("none", () => count() === 0, 15_000);
    await vhost.manage("POST", `/exchanges/${vhost.name}/amq.topic/publish`, {
      ...{ routing_key: "weather.ohio", payload: "{}", payload_encoding: "string" },
      // Without a reply-to.
      properties: {},
    });
    await until("one", () => count() === 1, 15_000);
    expect(listener.ohio()?.deadLetters).toBe(1);
    await until(
      "its rate",
      async () => {
        await fetch(`${url}/v1/forecasts/ohio?seed=${listener.events.length}`);
        return (listener.ohio()?.settledPerSecond ?? 0) > 0;
      },
      30_000,
    );
  });

  test("is counted until it goes", async ({ gateway, listen }) => {
    const { url } = await gateway();
    const listeners = async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^http_live_listeners (\d+)/m.exec(text)?.[1]);
    };
    await listen(url);
    const leaving = new AbortController();
    await fetch(`${url}/v1/live`, { signal: leaving.signal });
    await until("both listen", async () => (await listeners()) === 2);
    leaving.abort();
    await until("one is left", async () => (await listeners()) === 1);
  });
});
