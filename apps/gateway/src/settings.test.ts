import { processSettings } from "@weather/process";
import { testSettingsPage } from "@weather/testing/settings";
import { describe, expect, it } from "vitest";
import { gatewaySettings } from "./settings.ts";

testSettingsPage("The gateway", gatewaySettings.shape, processSettings.shape);

describe("a gateway's settings", () => {
  const read = gatewaySettings.pick({ TRUST_PROXY: true, CORS_ORIGIN: true });
  const good = [
    { TRUST_PROXY: "10.0.0.7, 192.168.0.0/16,::1,fd00::/8,loopback" },
    { CORS_ORIGIN: "*" },
    { CORS_ORIGIN: "https://example.org" },
  ];
  const bad = [
    { TRUST_PROXY: "proxy.example.org" },
    { TRUST_PROXY: "10.0.0.0/33" },
    { TRUST_PROXY: "10.0.0.7,,::1" },
    { CORS_ORIGIN: "example.org" },
    { CORS_ORIGIN: "https://example.org/page" },
  ];
  for (const settings of good)
    it(`take ${JSON.stringify(settings)}`, () => {
      expect(read.safeParse(settings).success).toBe(true);
    });
  for (const settings of bad)
    it(`refuse ${JSON.stringify(settings)}, and say what is expected`, () => {
      expect(read.safeParse(settings).error?.issues[0]?.message).toMatch(/^expected .* such as /);
    });
});
