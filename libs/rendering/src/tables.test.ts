import type { FarmReport, Status } from "@weather/contracts";
import { describe, expect, it } from "vitest";
import { daysTable } from "./days-table.ts";
import { deadLettersTable } from "./dead-letters-table.ts";
import { dressed, ensemble, frost } from "../test/example.ts";
import { farmsTable, type FarmRow } from "./farms-table.ts";
import { rangeBar } from "./range-bar.ts";
import { repliesTable, type Asked } from "./replies-table.ts";
import { riskTable } from "./risk-table.ts";
import { serversTable } from "./servers-table.ts";
import { sparkline } from "./sparkline.ts";
import type { Screen } from "./table.ts";
import { widthOf } from "./width.ts";

const wide = { width: Infinity, colour: false };
const at = new Date("2026-11-23T12:00:00Z");

const asked: Asked[] = [
  ...Array.from({ length: 10 }, (_, index) => ({
    number: index + 1,
    state: "district-of-columbia",
    milliseconds: 1288.4,
    reply: ensemble(10),
  })),
  {
    number: 11,
    state: "ohio",
    milliseconds: 10_000,
    error: Object.assign(new Error("late"), { name: "AnswerTimeoutError" }),
  },
];
const risks: Asked[] = [
  { number: 1, state: "ohio", milliseconds: 88.4, reply: frost },
  asked.at(-1) as Asked,
];
const farms: FarmRow[] = [
  {
    state: "ohio",
    queue: "weather.ohio",
    reachable: true,
    exists: true,
    waiting: 4182,
    servers: 12,
    inFlight: 768,
    perSecond: 1473.2,
    oldest: 2.8,
    newestObservation: "2026-11-22",
  },
  {
    state: "district-of-columbia",
    queue: "weather.district-of-columbia",
    reachable: true,
    exists: false,
    waiting: 0,
    servers: 0,
  },
];
const plainFarms = farms.map(({ state, queue, reachable, exists, waiting, servers }) => ({
  state,
  queue,
  reachable,
  exists,
  waiting,
  servers,
}));
const server: Status = {
  outcome: "status",
  state: "district-of-columbia",
  ...{ app: "district-of-columbia-server", server: "district-of-columbia-server@farm-7:31415" },
  ...{ host: "farm-7", pid: 31415, version: "0.2.0", model: "auto", uptime: 7_300, inFlight: 8, waiting: 56 },
  answered: { forecast: 123_456, risk: 44, expired: 2 },
  lastMinute: { answered: 4_321, handler: { p50: 1.9, p99: 12 }, wait: { p50: 140, p99: 1_300 } },
  newestObservation: "2026-11-22",
};
const reports: FarmReport[] = [
  {
    state: "ohio",
    servers: 3,
    silent: 1,
    waiting: 12,
    each: [server, { ...server, pid: 2, clocks: "clocks differ" }],
  },
  { state: "virginia", servers: 0, silent: 0, waiting: 0, each: [] },
];
const letters = [
  {
    id: "0123456789",
    at,
    queue: "weather.district-of-columbia",
    reason: "reply-not-allowed",
    attempts: 3,
    request: JSON.stringify({
      kind: "forecast",
      station: "KCMH",
      start: "2026-11-23",
      days: 5,
      members: 200,
      seed: 7,
    }),
    issue:
      "unknown field dayz: the fields are kind, station, start, days, members, seed, observed, model, threshold",
  },
  {
    id: "abcdef0123",
    at: undefined,
    queue: "",
    reason: "failed",
    attempts: undefined,
    request: "{}",
    issue: undefined,
  },
];

/** Each table, with its head in a terminal of 160, 120, 80 and 60 columns. */
const tables: [string, (screen: Screen) => string, [string, string, string, string]][] = [
  [
    "one forecast",
    (screen) => daysTable(ensemble(10), 12.3, "metric", screen),
    [
      "Date Summary Low °C (10–90 %) Range High °C (10–90 %) Precip. Mean (90 %) mm",
      "Day Summary Low °C Range High °C Precip. Mean (90 %) mm",
      "Day Summary Low °C High °C Precip. mm",
      "Day Low °C High °C Precip.",
    ],
  ],
  [
    "one forecast in US units",
    (screen) => daysTable(ensemble(3), 12.3, "us", screen),
    [
      "Date Summary Low °F (10–90 %) Range High °F (10–90 %) Precip. Mean (90 %) in",
      "Day Summary Low °F Range High °F Precip. Mean (90 %) in",
      "Day Summary Low °F High °F Precip. in",
      "Day Low °F High °F Precip.",
    ],
  ],
  [
    "one dressed forecast",
    (screen) => daysTable(dressed, 12.3, "metric", screen),
    [
      "Date Summary Low °C (10–90 %) Range High °C (10–90 %) Precip. Mean (90 %) mm",
      "Day Summary Low °C Range High °C Precip. Mean (90 %) mm",
      "Day Summary Low °C High °C Precip. mm",
      "Day Low °C High °C Precip.",
    ],
  ],
  ["one risk", (screen) => riskTable(frost, 12.3, "us", screen), Array(4).fill("Date low < 32 °F") as never],
  [
    "many forecasts",
    (screen) => repliesTable(asked, "metric", screen),
    [
      "# State Station Dates High °C (10–90 %) Low °C (10–90 %) Precip. Highs Server ms",
      "# State Station Dates High °C (10–90 %) Low °C (10–90 %) Precip. Highs ms",
      "# State From High °C Low °C Precip. Highs ms",
      "# State From High °C Low °C Precip. Highs",
    ],
  ],
  [
    "many risks",
    (screen) => repliesTable(risks, "metric", screen),
    [
      "# State Station Dates Risk Days Server ms",
      "# State Station Dates Risk Days Server ms",
      "# State Station Dates Risk Days ms",
      "# State Station Dates Risk Days ms",
    ],
  ],
  [
    "states",
    (screen) => farmsTable(plainFarms, at, screen),
    [
      ...Array<string>(3).fill("State Queue Waiting Servers Observed"),
      "State Waiting Servers Observed",
    ] as never,
  ],
  [
    "states with the management API",
    (screen) => farmsTable(farms, at, screen),
    [
      "State Queue Waiting Servers In flight Per second Oldest Observed",
      "State Queue Waiting Servers In flight Per second Oldest Observed",
      "State Waiting Servers In flight Per second Oldest Observed",
      "State Waiting Servers In flight Per second Oldest",
    ],
  ],
  [
    "servers",
    (screen) => serversTable(reports, at, screen),
    [
      "State Server Up In flight Waiting Settled Last min Wait ms Handler ms Observed Model Version",
      "State Server Up In flight Waiting Settled Last min Wait ms Handler ms Observed Model Version",
      "State Server In flight Waiting Last min Wait ms Handler ms",
      "Server In flight Waiting Wait ms",
    ],
  ],
  [
    "dead letters",
    (screen) => deadLettersTable(letters, screen),
    [
      "ID When Queue Why Tried Request Issue",
      "ID When Queue Why Tried Request Issue",
      "ID When Queue Why Tried",
      "ID When Why Tried",
    ],
  ],
];

describe.each(tables)("the table of %s", (_, show, heads) => {
  it.each([160, 120, 80, 60])("fits %i columns, with the columns that have room there", (width) => {
    const lines = show({ width, colour: false }).split("\n");
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
    const head = heads[[160, 120, 80, 60].indexOf(width)] ?? "";
    expect(lines.map((line) => line.trim().replace(/ +/g, " "))).toContain(head);
  });

  it("fits any width from 20 columns", () => {
    for (let width = 20; width < 160; width += 3) {
      for (const line of show({ width, colour: false }).split("\n")) {
        expect(widthOf(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
      }
    }
  });
});

describe("a table of answers", () => {
  it("shows a failed request with its error in its row, at every width", () => {
    for (const width of [160, 120, 80, 60]) {
      expect(repliesTable(asked, "metric", { width, colour: false })).toMatch(
        /11 {2}ohio[^]+AnswerTimeoutError/,
      );
    }
    expect(repliesTable(asked, "metric", wide)).toMatch(/11 {2}ohio +AnswerTimeoutError +.* 10000\.0/);
  });

  it("says when the National Weather Service made a forecast, and from where on it is climate", () => {
    const drawn = "National Weather Service, 2026-11-23T11:05:00.000Z, 200 members, seed 7; ohio-server@";
    const { model, days } = dressed;
    const text = daysTable(dressed, 12, "metric", wide);
    expect(text).toContain("NWS forecast of 06:05, dressed until 2026-11-24, then climate.\n");
    expect(text).toContain(drawn);
    const short = { ...dressed, days: days.slice(0, 2) };
    expect(daysTable(short, 12, "metric", wide)).toContain("NWS forecast of 06:05, dressed.\n");
    const risk = { ...frost, model, days: frost.days.map((day) => ({ ...day, basis: "nws" as const })) };
    expect(riskTable(risk, 12, "metric", wide)).toContain("NWS forecast of 06:05, dressed.\n");
  });

  it("writes figures in the reader's units", () => {
    const text = daysTable(ensemble(1), 12, "us", wide);
    expect(text).toMatch(/31 \(20 to 42\) .* 48 \(35 to 62\) +40 % +0\.08 \(0\.39\)/);
    const rain = { ...frost, threshold: { of: "precipitation", above: 12.7 } } as const;
    expect(riskTable(rain, 1, "us", wide)).toContain("precipitation > 0.5 in");
    expect(riskTable(rain, 1, "metric", wide)).toContain("precipitation > 12.7 mm");
  });

  it("shows no escape sequence", () => {
    const evil = "\u001b]0;owned\u0007\u009b2J\u202e";
    const forecast = ensemble(2);
    Object.assign(forecast, { server: evil, state: evil });
    forecast.station.name = evil;
    for (const day of forecast.days) day.summary = evil;
    const bad: Asked = {
      number: 1,
      state: "ohio",
      milliseconds: 1,
      error: Object.assign(new Error(), { name: evil }),
    };
    const shown = [
      daysTable(forecast, 1, "metric", wide),
      daysTable(forecast, 1, "metric", { width: 60, colour: false }),
      riskTable({ ...frost, server: evil }, 1, "metric", wide),
      repliesTable([{ number: 1, state: evil, milliseconds: 1, reply: forecast }, bad], "metric", wide),
      deadLettersTable(
        [{ ...letters[1], id: evil, queue: evil, reason: evil, request: evil, issue: evil } as never],
        wide,
      ),
      deadLettersTable([{ ...letters[1], queue: evil, request: evil, issue: evil } as never], {
        width: 60,
        colour: false,
      }),
    ];
    expect(shown.join("\n")).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
  });
});

describe("the states", () => {
  it("come with the time of the broker's counts, and with a note on their limits", () => {
    const text = farmsTable(farms, at, wide);
    expect(text).toMatch(/ohio +weather\.ohio +4182 +12 +768 +1473\.2 +≈ 2\.8 s/);
    expect(text).toMatch(/weather\.district-of-columbia \(not there\) +– +– +– +– +–/);
    expect(text).toContain("As the broker counted at 12:00:00Z.");
  });

  it("have the date of the newest observation at every width, or a dash", () => {
    for (const width of [Infinity, 120, 80]) {
      const lines = farmsTable(farms, at, { width, colour: false }).split("\n");
      expect(lines[0]).toMatch(/ {2}Observed$/);
      expect(lines[1]).toMatch(/^ohio .* 2\.8 s {2}2026-11-22$/);
      expect(lines[2]).toMatch(/^district-.* – {2}–$/);
    }
    const narrow = farmsTable(farms, at, { width: 60, colour: false }).split("\n");
    expect(narrow.slice(1, 5)).toEqual([
      expect.stringMatching(/^ohio .* 2\.8 s$/),
      "  Observed: 2026-11-22",
      expect.stringMatching(/^district-/),
      "  Observed: –",
    ]);
  });
});

describe("the servers", () => {
  it("come with notes on missing servers and wrong clocks", () => {
    const text = serversTable(reports, at, wide);
    expect(text).toMatch(
      /farm-7:31415 +2 h +8 +56 +123502 +4321 +140 \/ 1300 +1.9 \/ 12 +2026-11-22 +auto +0\.2\.0/,
    );
    expect(text).toContain("ohio: 1 of 3 servers did not report: busy, stopped, or of an older version.");
    expect(text).toContain("district-of-columbia: clocks differ.");
    expect(text).toContain("Nobody serves virginia.");
  });

  it("that do not exist come with the command that starts them, and no note about times", () => {
    const nobody = reports.filter(({ state }) => state === "virginia");
    expect(serversTable(nobody, at, wide)).toMatch(
      /^Nobody serves virginia\.\nAt \S+Z\. `npm run farm` or `docker compose up` starts servers; `npx weather states` shows their queues\.$/,
    );
  });
});

describe("a dead letter", () => {
  it("with an invalid time has a dash", () => {
    expect(deadLettersTable([{ ...letters[0], at: new Date("never") } as never], wide)).toMatch(
      /0123456789 {2}– /,
    );
  });
});

describe("a sparkline", () => {
  it("spreads its values over eight heights", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
  });

  it("stays at the bottom when all are equal", () => {
    expect(sparkline([5, 5])).toBe("▁▁");
  });
});

describe("a range bar", () => {
  it("is full between the medians and light in the 10–90 % range", () => {
    const [day] = ensemble(1).days;
    if (!day) throw new Error("no day");
    const values = { ...day, low: { p10: 0, p50: 5, p90: 8 }, high: { p10: 9, p50: 14, p90: 19 } };
    expect(rangeBar(values, { coldest: 0, warmest: 19 })).toBe("░░░░░██████████░░░░░");
  });
});
