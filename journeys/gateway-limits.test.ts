import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import { PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { holdRequests, test, virginia } from "./farm.ts";

const json = { "content-type": "application/json" };

describe("a farm that does not answer", () => {
  test("takes no place from another one, and one question by POST counts as one by GET", async ({
    client,
    serve,
    gateway,
  }) => {
    await serve("ohio");
    const held = await holdRequests(await client(), virginia);
    const { url } = await gateway({ MAX_IN_FLIGHT: "2", REQUEST_DEADLINE: "3s" });
    const post = (state: string) =>
      fetch(`${url}/v1/forecasts`, { method: "POST", headers: json, body: JSON.stringify({ state }) });
    const asked = [fetch(`${url}/v1/forecasts/virginia`), post("virginia")];
    await until("both are begun", () => held.begun() === 2);
    for (const further of [await fetch(`${url}/v1/forecasts/virginia?seed=3`), await post("virginia")]) {
      expect([further.status, further.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await further.json()).toMatchObject({
        detail: expect.stringContaining("farm of virginia") as string,
      });
    }
    expect([(await fetch(`${url}/ohio`)).status, (await post("ohio")).status]).toEqual([200, 200]);
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses).toEqual([504, 504]);
    held.end();
  });

  test("delays no page that is refused, although its stations are not known", async ({ serve, gateway }) => {
    const farm = await serve("virginia");
    const { url } = await gateway({ MAX_IN_FLIGHT: "2" });
    farm.signal("SIGSTOP");
    for (const path of ["/v1/states/virginia/stations", "/v1/forecasts/virginia"])
      fetch(url + path).catch(() => {});
    await pause(500);
    const times: number[] = [];
    for (let count = 0; count < 5; count++) {
      const began = performance.now();
      const page = await fetch(`${url}/virginia?seed=3`, { headers: { accept: "text/html" } });
      expect([page.status, page.headers.get("retry-after")]).toEqual([503, "1"]);
      times.push(performance.now() - began);
    }
    expect(Math.min(...times)).toBeLessThan(300);
  });
});

test("a frozen broker is not reachable: its states are listed so, and their requests end at the deadline", async ({
  gateway,
  afterwards,
}) => {
  const broker = await PrivateBroker.start({ server: serverForTests() });
  afterwards(() => broker.stop());
  const { url } = await gateway({ AMQP_URL: broker.url, REQUEST_DEADLINE: "1s" });
  broker.pause();
  const { states } = (await (await fetch(`${url}/v1/states`)).json()) as { states: object[] };
  for (const state of states) expect(state).toMatchObject({ reachable: false, servers: null, waiting: null });
  expect((await fetch(`${url}/v1/forecasts/ohio`)).status).toBe(504);
});
