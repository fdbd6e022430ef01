import { describe, expect, it } from "vitest";
import { processSettings, settingsFrom } from "./settings.ts";

const read = (environment: Record<string, string>) => settingsFrom(processSettings, environment);

describe("settings", () => {
  it("have defaults, and take an empty variable as not set", () => {
    expect(read({ AMQP_URL: "", PATH: "/bin" })).toEqual({
      AMQP_URL: "amqp://guest:guest@localhost:5672",
      HEALTH_PORT: 0,
      STOP_TIMEOUT: 25_000,
      LOG_LEVEL: "info",
    });
  });

  it("are read from the environment", () => {
    expect(read({ HEALTH_PORT: "8080", STOP_TIMEOUT: "1.5 m" })).toMatchObject({
      HEALTH_PORT: 8_080,
      STOP_TIMEOUT: 90_000,
    });
  });

  it("that are wrong are all named, with what was expected", () => {
    expect(() => read({ HEALTH_PORT: "70000", STOP_TIMEOUT: "0s", LOG_LEVEL: "loud" })).toThrow(
      [
        "HEALTH_PORT: expected a whole number from 0 to 65535, got 70000",
        "STOP_TIMEOUT: expected a time from 1s to 1h, such as 30s or 2m, got 0s",
        "LOG_LEVEL: expected a pino level such as info or debug, got loud",
      ].join("\n"),
    );
  });

  it("refuse a number without digits, and a time without its unit", () => {
    for (const text of ["many", "-1", "1.5", "0x10", " ", "1e3", "Infinity"]) {
      expect(() => read({ HEALTH_PORT: text })).toThrow(`HEALTH_PORT: expected a whole number`);
    }
    for (const text of ["60", "soon", "-1s", "1d", "2h", "0.9s", "9999999999999h"]) {
      expect(() => read({ STOP_TIMEOUT: text })).toThrow(`STOP_TIMEOUT: expected a time from 1s to 1h`);
    }
  });
});
