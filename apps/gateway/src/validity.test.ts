import { expect, it } from "vitest";
import { changeOf } from "./validity.ts";

const ensemble = { name: "climate-ensemble", members: 200, seed: 7 } as const;
const answer = (date: string) => ({ model: ensemble, days: [{ date }] }) as Parameters<typeof changeOf>[2];
/** Two hours before midnight in Ohio. */
const evening = new Date("2026-11-27T03:00:00Z");
const secondsFrom = (now: Date, until: number) => (until - now.getTime()) / 1_000;

it.each([
  ["the usual weather", { model: "climate" }, "2026-11-26", 7_200],
  ["a reply from the caller's own observation", { observed: {} }, "2026-11-26", 7_200],
  ["a reply that a new observation may change", {}, "2026-11-26", 60],
  ["a reply of a server whose clock is behind at midnight", { model: "climate" }, "2026-11-25", 1],
  ["a reply for a day that the caller names", { model: "climate", start: "2026-11-25" }, "2026-11-25", 7_200],
] as const)("%s is valid until it may change", (_, request, date, seconds) => {
  const asked = request as Parameters<typeof changeOf>[1];
  expect(secondsFrom(evening, changeOf("ohio", asked, answer(date), evening))).toBe(seconds);
});
