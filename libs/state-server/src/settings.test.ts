import { describe, expect, it } from "vitest";
import { settingsFrom } from "./settings.ts";

describe("settings", () => {
  it("have defaults, and take an empty variable as not set", () => {
    expect(settingsFrom({ AMQP_URL: "", PATH: "/bin" })).toEqual({
      AMQP_URL: "amqp://guest:guest@localhost:5672",
      CONCURRENCY: 8,
      PREFETCH: 64,
      IDLE_TIMEOUT: 60_000,
      HEALTH_PORT: 0,
      LOG_LEVEL: "info",
    });
  });

  it("are read from the environment", () => {
    expect(settingsFrom({ CONCURRENCY: "16", IDLE_TIMEOUT: "500ms" })).toMatchObject({
      CONCURRENCY: 16,
      IDLE_TIMEOUT: 500,
    });
  });

  it("that are wrong are all named, with what was expected", () => {
    const wrong = {
      CONCURRENCY: "0",
      PREFETCH: "many",
      IDLE_TIMEOUT: "60",
      HEALTH_PORT: "70000",
      LOG_LEVEL: "loud",
    };
    expect(() => settingsFrom(wrong)).toThrow(
      [
        "CONCURRENCY: expected a whole number from 1 to 1024, got 0",
        "PREFETCH: expected a whole number from 1 to 65535, got many",
        "IDLE_TIMEOUT: expected a time with its unit, such as 500ms, 60s or 5m, got 60",
        "HEALTH_PORT: expected a whole number from 0 to 65535, got 70000",
        "LOG_LEVEL: expected a pino level such as info or debug, got loud",
      ].join("\n"),
    );
  });
});
