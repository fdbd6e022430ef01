import { expect, test } from "vitest";
import { startReady } from "./testbed.ts";

test("a program that ends before it is ready fails the benchmark with its output", async () => {
  const started = startReady("apps/gateway/src/main.ts", "GATEWAY_PORT", { AMQP_URL: "nowhere" });
  await expect(started).rejects.toThrow(/ended before it was ready:\n.*bad settings/s);
});
