import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveHealth } from "./health.ts";

describe("health", () => {
  const state = { live: true, ready: false };
  let server: Awaited<ReturnType<typeof serveHealth>>;
  beforeAll(async () => {
    server = await serveHealth(0, { live: () => state.live, ready: () => state.ready });
  });
  afterAll(() => server.close());
  const status = async (path: string) =>
    (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)).status;

  it("tells live and ready apart, and follows them", async () => {
    expect([await status("/livez"), await status("/readyz")]).toEqual([200, 503]);
    state.ready = true;
    expect(await status("/readyz")).toBe(200);
  });

  it("knows nothing else", async () => {
    expect([await status("/"), await status("/toString")]).toEqual([404, 404]);
  });
});
