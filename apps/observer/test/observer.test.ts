import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { observations, type Observation } from "@weather/contracts";
import { connect } from "@weather/queue-binding";
import { AppProcess } from "@weather/testing";
import { test as base, until } from "@weather/testing/vitest";
import { openWeatherGov } from "@weather/testing/weather-gov";
import { describe, expect } from "vitest";
import { localDay } from "../src/nws/day.ts";

const recorded = `station,date,tmax_c,tmin_c,prcp_mm
OH_Wooster_3_SSE,2024-01-13,4.2,-1.0,6.1
OH_Coshocton_8_NNE,2024-01-13,5.1,0.2,-9999
OH_Wooster_3_SSE,2024-01-14,-5.0,-12.5,0.0
OH_Wooster_3_SSE,2024-01-15,,,
OH_Coshocton_8_NNE,2024-01-15,99.0,-14.0,0.0
OH_Wooster_3_SSE,2024-01-16,-9.3,-15.1,0.0
`;

/** `heard` returns the messages of the stream, `observe` starts an observer. */
const test = base.extend<{
  folder: string;
  heard: Observation[];
  observe: (words: string[], environment?: Record<string, string>) => AppProcess;
}>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "weather-observer-"));
    writeFileSync(join(folder, "recorded.csv"), recorded);
    await use(folder);
    rmSync(folder, { recursive: true });
  },
  heard: async ({ vhost, afterwards }, use) => {
    const broker = await connect(vhost.url, { name: "reader" });
    afterwards(() => broker.drain());
    const heard: Observation[] = [];
    broker.follow(observations, {
      since: 3_600_000,
      take: (observation) => heard.push(observation),
      malformed: (error) => expect.unreachable(error.message),
    });
    await use(heard);
  },
  observe: async ({ vhost, afterwards }, use) => {
    await use((words, environment = {}) => {
      const settings = { AMQP_URL: vhost.url, ...environment };
      const observer = AppProcess.start("observer", { arguments: words, environment: settings });
      afterwards(() => observer.stop("SIGKILL"));
      return observer;
    });
  },
});

const named = ({ station, date }: Observation) => `${station} ${date}`;

describe("an observer of a file", () => {
  test("publishes the observations of the file, logs impossible ones, and ends", async ({
    folder,
    heard,
    observe,
  }) => {
    const observer = observe(["--source", join(folder, "recorded.csv")]);
    expect(await observer.ended()).toBe(0);
    await until("all are heard", () => heard.length === 4);
    expect(heard.map(named).toSorted()).toEqual([
      "OH_Coshocton_8_NNE 2024-01-13",
      "OH_Wooster_3_SSE 2024-01-13",
      "OH_Wooster_3_SSE 2024-01-14",
      "OH_Wooster_3_SSE 2024-01-16",
    ]);
    const coshocton = heard.find(({ station }) => station === "OH_Coshocton_8_NNE");
    expect(coshocton).toEqual({
      ...{ state: "ohio", station: "OH_Coshocton_8_NNE", date: "2024-01-13", high: 5.1, low: 0.2 },
      ...{ complete: true, revision: 0 },
    });
    expect(observer.output.join("\n")).toContain("an impossible observation was not published");
  });

  test("begins on a given day, and publishes one day at each interval until it is asked to stop", async ({
    folder,
    heard,
    observe,
  }) => {
    const file = join(folder, "recorded.csv");
    const observer = observe(["--source", file, "--from", "2024-01-14", "--speed", "1d/m"]);
    await until("the first day is heard", () => heard.length === 1, 20_000);
    expect(await observer.stop()).toBe(0);
    expect(heard.map(named)).toEqual(["OH_Wooster_3_SSE 2024-01-14"]);
  });

  test.for([
    ["that is not there", "gone.csv", "ENOENT"],
    ["with other columns", "columns.csv", "it lacks tmax_c, tmin_c, prcp_mm"],
    ["of no station", "nobody.csv", "which begins with its state"],
  ] as const)("%s ends with 78 and says what is wrong", async ([, name, message], { folder, observe }) => {
    writeFileSync(join(folder, "columns.csv"), "date,high\n2024-01-13,4\n");
    writeFileSync(join(folder, "nobody.csv"), recorded.replace(/^.*?,/gm, ""));
    const observer = observe(["--source", join(folder, name)]);
    expect(await observer.ended()).toBe(78);
    expect(observer.output.join("\n")).toContain(message);
  });
});

describe("an observer of the National Weather Service", () => {
  test("publishes days that are over, pauses between requests, logs a station that fails, and continues", async ({
    heard,
    observe,
    afterwards,
  }) => {
    const gov = await openWeatherGov();
    afterwards(() => gov.close());
    const day = localDay(Date.now(), -5 * 3_600_000, 1);
    const iso = (instant: number) => new Date(instant).toISOString().replace(".000", "");
    const path = `/stations/KCMH/observations?start=${iso(day.from)}&end=${iso(day.to)}&limit=500`;
    const features = Array.from({ length: 24 }, (_, hour) => ({
      properties: {
        timestamp: iso(day.from + hour * 3_600_000 + 3_180_000),
        rawMessage: "KCMH 191552Z 28008G19KT 10SM FEW055 07/M07 A2993 RMK AO2 SLP136",
        temperature: { unitCode: "wmoUnit:degC", value: hour, qualityControl: hour === 23 ? "X" : "V" },
        precipitationLastHour: { unitCode: "wmoUnit:mm", value: hour === 3 ? 1.3 : null },
      },
    }));
    gov.answers(path, { body: { features } });
    const environment = { NWS_URL: gov.url, NWS_CONTACT: "me@example.org" };
    const observer = observe(["--source", "nws"], environment);
    await until("yesterday is heard", () => heard.length === 1, 30_000);
    expect(heard[0]).toMatchObject({
      ...{ state: "ohio", station: "KCMH", date: day.date, complete: true },
      ...{ high: 22, low: 0, precipitation: 1.3 },
    });
    expect(gov.seen[0]?.headers["user-agent"]).toContain("me@example.org");
    await observer.says("a station could not be read");
    expect(await observer.stop()).toBe(0);
  });

  test("asks nobody without a contact, says so, and waits to be stopped", async ({ observe }) => {
    const observer = observe(["--source", "nws"]);
    await observer.says("NWS_CONTACT is not set");
    expect(observer.running).toBe(true);
    expect(await observer.stop()).toBe(0);
  });
});
