import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import amqplib from "amqplib";
import { observationKey, observations, type Observation, type WrittenObservation } from "@weather/contracts";
import { connect } from "@weather/queue-binding";
import { AppProcess, type Vhost } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { expect } from "vitest";
import { ohio } from "../farm.ts";
import { faults, type Trial } from "./trial.ts";

const fault = faults("observations");
type Afterwards = (close: () => unknown) => void;

const daysAfter = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

/** The messages that a new reader of the stream gets. */
async function heard({ url }: Vhost): Promise<Observation[]> {
  const broker = await connect(url, { name: "reader" });
  const all: Observation[] = [];
  const take = (observation: Observation) => all.push(observation);
  const reader = broker.follow(observations, { since: 3_600_000, take, malformed: () => {} });
  expect(await reader.caughtUp(20_000)).toBe(true);
  await broker.drain();
  return all;
}

async function publish({ operator }: Trial, all: readonly WrittenObservation[]) {
  for (let at = 0; at < all.length; at += 100) {
    const some = all.slice(at, at + 100);
    await Promise.all(some.map((one) => operator.publish(observations, observationKey(one), one)));
  }
}

const start = "2024-01-16";
/** The start of a forecast, as every server of the farm gives it. */
async function startedFrom({ client }: Trial) {
  const asked = Array.from({ length: 40 }, (_, seed) =>
    client.ask(ohio, { start, days: 1, members: 10, seed }),
  );
  return (await Promise.all(asked)).map((reply) =>
    reply.outcome === "forecast" ? reply.startedFrom : undefined,
  );
}
const columbus = { state: "ohio", station: "KCMH", high: -8, low: -15, precipitation: 0 };
const dayton = { ...columbus, station: "KDAY" };

fault(
  "an observer that is killed while it publishes, and started again",
  {},
  async (trial, afterwards: Afterwards) => {
    const folder = mkdtempSync(join(tmpdir(), "weather-faults-"));
    afterwards(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "uscrn_OH_Wooster_3_SSE.csv");
    const dates = Array.from({ length: 60 }, (_, day) => daysAfter("2023-11-17", day));
    writeFileSync(
      file,
      ["date,tmax_c,tmin_c,prcp_mm", ...dates.map((date) => `${date},4,-3,0`), ""].join("\n"),
    );
    const observe = (...words: string[]) => {
      const environment = { AMQP_URL: trial.vhost.url };
      const observer = AppProcess.start("observer", { arguments: ["--source", file, ...words], environment });
      afterwards(() => observer.stop("SIGKILL"));
      return observer;
    };
    const first = observe("--speed", "20d/s");
    await first.says(dates[10]!);
    await first.stop("SIGKILL");
    expect(await observe().ended()).toBe(0);
    const days = (await heard(trial.vhost)).map(({ date }) => date);
    expect([...new Set(days)].sort()).toEqual(dates); // no gap
    expect(days.length).toBeGreaterThan(dates.length); // the first days came twice …
    for (const started of await startedFrom(trial)) {
      const own = started?.map(({ date }) => date) ?? [];
      expect(new Set(own).size).toBe(own.length); // … and count once
      expect(own).toContain("2024-01-15");
    }
  },
);

fault("all connections are closed while observations come: the stream goes on", {}, async (trial) => {
  await publish(trial, [{ ...columbus, date: "2024-01-13" }]);
  await trial.vhost.closeConnections("");
  await publish(trial, [
    { ...columbus, date: "2024-01-14" },
    { ...columbus, date: "2024-01-15" },
  ]);
  await until(
    "every server has the newest one",
    async () => (await startedFrom(trial)).every((started) => started?.[0]?.date === "2024-01-15"),
    20_000,
  );
  expect((await heard(trial.vhost)).map(({ date }) => date)).toEqual([
    "2024-01-13",
    "2024-01-14",
    "2024-01-15",
  ]);
});

fault("a server that starts after a thousand observations answers from them at once", {}, async (trial) => {
  const stations = ["KCMH", "KDAY", "KCLE", "KCVG", "KTOL"];
  const all = stations.flatMap((station) =>
    Array.from({ length: 200 }, (_, day) => ({
      ...columbus,
      station,
      date: daysAfter("2024-01-15", day - 199),
    })),
  );
  await publish(trial, all);
  await Promise.all(trial.servers.map((server) => server.stop()));
  await trial.serve();
  for (const started of await startedFrom(trial)) {
    expect(new Set(started?.map(({ station }) => station))).toEqual(new Set(stations));
    expect(started?.[0]).toMatchObject({ station: "KCMH", date: "2024-01-15" });
  }
});

fault(
  "malformed, impossible and forged observations change nothing",
  {},
  async (trial, afterwards: Afterwards) => {
    await publish(trial, [{ ...columbus, date: "2024-01-15" }]);
    const connection = await amqplib.connect(trial.vhost.url);
    afterwards(() => connection.close());
    const channel = await connection.createConfirmChannel();
    const send = (key: string, body: unknown) =>
      channel.publish("amq.topic", key, Buffer.from(typeof body === "string" ? body : JSON.stringify(body)));
    const own = { ...columbus, date: "2024-01-15", revision: 7 };
    send("observed.ohio.KCMH", "");
    send("observed.ohio.KCMH", "[".repeat(10_000));
    send("observed.ohio.KCMH", "x".repeat(100_000));
    send("observed.ohio.KCMH", { ...own, high: 400 });
    send("observed.ohio.KCMH", { ...own, low: 20 });
    send("observed.ohio.KCMH", { ...own, date: "2124-01-15" });
    send("observed.ohio.KCMH", { ...own, station: "KDAY" });
    send("observed.virginia.KCMH", own);
    // Directly to the queue, as a user who may send replies could.
    channel.sendToQueue("weather.observations", Buffer.from(JSON.stringify(own)));
    await channel.waitForConfirms();
    await publish(trial, [{ ...dayton, date: "2024-01-15" }]);
    await until("every server has heard what came after them", async () =>
      (await startedFrom(trial)).every((started) => started?.some(({ station }) => station === "KDAY")),
    );
    for (const started of await startedFrom(trial)) {
      expect(started?.map(({ station, high }) => [station, high])).toEqual([
        ["KCMH", -8],
        ["KDAY", -8],
      ]);
    }
    for (const { output } of trial.servers)
      expect(output.join("\n")).toContain("a message in the stream is not an observation");
  },
);

fault("a station falls silent: the forecast goes on from the others, and says so", {}, async (trial) => {
  const days = (count: number, last: string) =>
    Array.from({ length: count }, (_, day) => daysAfter(last, -day));
  await publish(trial, [
    ...days(3, "2024-01-10").map((date) => ({ ...columbus, date })),
    ...days(6, "2024-01-15").map((date) => ({ ...dayton, date })),
  ]);
  await until("every server has heard of both", async () =>
    (await startedFrom(trial)).every((started) => new Set(started?.map(({ station }) => station)).size === 2),
  );
  const command = AppProcess.start("client", {
    arguments: ["forecast", "ohio", "--start", start, "--days", "1"],
    environment: { AMQP_URL: trial.vhost.url },
  });
  expect(await command.ended()).toBe(0);
  expect(command.output.join(" ")).toContain(
    "From observations of KCMH and KDAY up to 2024-01-15; of KCMH itself up to 2024-01-10.",
  );
});
