import type { Forecast, Risk } from "@weather/contracts";

// Example replies for tests.

const answer = () => ({
  state: "ohio",
  station: {
    id: "KCMH",
    name: "Columbus John Glenn International Airport",
    latitude: 39.99,
    longitude: -82.88,
  },
  issuedAt: "2026-11-23T12:00:00Z",
  server: "ohio-server@9f3c1a2b4d5e:30676",
});
const model = { name: "climate-ensemble", members: 2000, seed: 2838104613 } as const;

const summaries = [
  "Mostly dry",
  "Slight chance of rain or snow, frost at night",
  "Chance of rain",
  "Snow likely, freezing all day",
];

/** A forecast of so many days, each a little colder than the one before. */
export const ensemble = (days: number): Forecast => ({
  outcome: "forecast",
  ...answer(),
  model,
  days: Array.from({ length: days }, (_, day) => ({
    date: new Date(Date.UTC(2026, 10, 23 + day)).toISOString().slice(0, 10),
    high: { p10: 1.9 - day, p50: 8.9 - day, p90: 16.7 - day },
    low: { p10: -6.8 - day, p50: -0.3 - day, p90: 5.8 - day },
    precipitation: { chance: 0.4 + day / 20, mean: 2.1 + day, p90: 9.9 + day },
    summary: summaries[day % summaries.length] ?? "",
  })),
});

/** A dressed forecast. The National Weather Service gave its first two days. */
export const dressed: Forecast = {
  ...ensemble(4),
  model: { name: "nws", updatedAt: "2026-11-23T11:05:00.000Z", dressed: true, members: 200, seed: 7 },
  days: ensemble(4).days.map((day, at) => ({
    ...day,
    high: { ...day.high, basis: at < 2 ? "nws" : "climate" },
    low: { ...day.low, basis: at === 1 ? "nws" : "climate" },
  })),
};

export const frost: Risk = {
  outcome: "risk",
  ...answer(),
  model,
  threshold: { of: "low", below: 0 },
  days: [
    { date: "2026-11-23", chance: 0.52 },
    { date: "2026-11-24", chance: 0.6 },
  ],
  chance: 0.83,
};
