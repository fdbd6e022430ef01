import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect } from "vitest";
import { gridpoint, openWeatherGov, paths, points, problem } from "@weather/testing/weather-gov";
import { ohio } from "../farm.ts";
import { faults } from "./trial.ts";

// The National Weather Service fails, or another server answers for it. The last good forecast is used.

const gov = await openWeatherGov();
afterAll(() => gov.close());
// The farm's station has more decimals than the little service's.
gov.answers("/points/39.9914,-82.8808", { body: points });

const environment = {
  FORECAST_MODEL: "nws",
  NWS_CONTACT: "me@example.org",
  NWS_URL: gov.url,
  NWS_DEADLINE: "1s",
};
const value = { validTime: "2026-11-24T00:00:00+00:00/PT1H", value: 1 };
const hostile = { updateTime: "2026-11-23T20:05:00Z", maxTemperature: { values: Array(10_000).fill(value) } };

const troubles: [what: string, answer: Parameters<typeof gov.answers>[1]][] = [
  ["forbids (403)", { status: 403, body: problem(403, "Forbidden", "no contact") }],
  ["breaks (500)", { status: 500 }],
  ["is slower than the deadline", { after: 10_000 }],
  ["redirects to another host", { status: 302, headers: { location: "http://localhost:1/" } }],
  ["answers nonsense", { body: { properties: { updateTime: "lately" } } }],
  ["answers with 10,000 values", { body: { properties: hostile } }],
];
for (const [what, answer] of troubles) {
  faults("weather service")(what, { environment }, async ({ client }) => {
    gov.answers(paths.grid, answer);
    try {
      await pause(3_000);
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, seed) => client.ask(ohio, { start: "2026-11-23", days: 2, seed })),
      );
      for (const reply of replies) expect(reply).toMatchObject({ model: { name: "nws", dressed: true } });
    } finally {
      gov.answers(paths.grid, { body: gridpoint });
    }
  });
}
