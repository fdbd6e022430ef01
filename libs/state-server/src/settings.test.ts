import { settingsFrom as read } from "@weather/process";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "./settings.ts";

const settingsFrom = (environment: Record<string, string>) => read(settingsSchema, environment);

describe("settings", () => {
  it("have defaults, and take an empty variable as not set", () => {
    expect(settingsFrom({ AMQP_URL: "", PATH: "/bin" })).toEqual({
      AMQP_URL: "amqp://guest:guest@localhost:5672",
      HEALTH_PORT: 0,
      STOP_TIMEOUT: 25_000,
      LOG_LEVEL: "info",
      CONCURRENCY: 8,
      PREFETCH: 64,
      REQUEST_TIMEOUT: 30_000,
      IDLE_TIMEOUT: 60_000,
      FORECAST_MODEL: "auto",
      FORECAST_FALLBACK: "climate",
      FORECAST_CACHE: 1_000,
      NWS_URL: "https://api.weather.gov",
      NWS_DEADLINE: 5_000,
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
      REQUEST_TIMEOUT: "2h",
      IDLE_TIMEOUT: "0s",
      FORECAST_MODEL: "oracle",
      FORECAST_FALLBACK: "guess",
      FORECAST_CACHE: "-1",
      NWS_CONTACT: "me\nX-Header: 1",
      NWS_URL: "ftp://api.weather.gov",
      NWS_DEADLINE: "soon",
    };
    expect(() => settingsFrom(wrong)).toThrow(
      [
        "CONCURRENCY: expected a whole number from 1 to 1024, got 0",
        "PREFETCH: expected a whole number from 1 to 65535, got many",
        "REQUEST_TIMEOUT: expected a time from 100ms to 1h, such as 30s or 2m, got 2h",
        "IDLE_TIMEOUT: expected a time from 100ms to 1h, such as 30s or 2m, got 0s",
        "FORECAST_MODEL: expected auto, climate, ensemble or nws, got oracle",
        "FORECAST_FALLBACK: expected climate or none, got guess",
        "FORECAST_CACHE: expected a whole number from 0 to 1000000, got -1",
        "NWS_CONTACT: expected an address in plain letters, such as me@example.org, got me\nX-Header: 1",
        "NWS_URL: expected a URL such as https://api.weather.gov, got ftp://api.weather.gov",
        "NWS_DEADLINE: expected a time from 100ms to 5m, such as 30s or 2m, got soon",
      ].join("\n"),
    );
  });

  it("need a contact for the National Weather Service", () => {
    expect(() => settingsFrom({ FORECAST_MODEL: "nws" })).toThrow(
      "NWS_CONTACT: FORECAST_MODEL=nws needs one",
    );
    const NWS_URL = "http://localhost:8080/";
    expect(settingsFrom({ FORECAST_MODEL: "nws", NWS_CONTACT: "me@example.org", NWS_URL })).toMatchObject({
      NWS_CONTACT: "me@example.org",
      NWS_URL: "http://localhost:8080",
    });
  });
});
