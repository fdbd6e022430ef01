import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { ohio, test } from "./farm.ts";

describe("a gateway that is asked to stop", () => {
  test("finishes the requests and lists that it holds, refuses others, and exits 0", async ({
    client,
    gateway,
  }) => {
    const farm = await client();
    let begun = 0;
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const slow = async () => {
      begun += 1;
      await finished;
      return {
        outcome: "refused" as const,
        state: "ohio" as const,
        server: "slow",
        reason: "unknown-station" as const,
        message: "slow",
        details: [],
      };
    };
    await farm.answer(ohio, slow, { refuse: () => undefined as never });
    const { url, process } = await gateway();
    const asked = fetch(`${url}/v1/forecasts/ohio`);
    const list = fetch(`${url}/v1/forecasts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([
        { state: "ohio", seed: 1 },
        { state: "ohio", seed: 2 },
      ]),
    });
    await until("all are begun", () => begun === 3);

    const ended = process.stop("SIGTERM");
    await until("load balancers are told", async () => (await fetch(`${url}/readyz`)).status === 503);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    for (const path of ["/v1/forecasts/ohio", "/ohio", "/v1/live"]) {
      const { status, headers } = await fetch(url + path);
      const told = ["retry-after", "connection", "content-type"].map((name) => headers.get(name));
      const type = "application/problem+json; charset=utf-8";
      expect([path, status, ...told]).toEqual([path, 503, "1", "close", type]);
    }

    finish();
    expect((await asked).status).toBe(404);
    expect((await (await list).text()).match(/"status":404/g)).toHaveLength(2);
    expect(await ended).toBe(0);
  });
});
