import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { addDays, dateIn } from "@weather/contracts";
import { AppProcess, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { launchBrowser } from "../browser.ts";
import { film } from "./film.ts";
import { Recording } from "./recording.ts";

// The pictures of the README, from a real farm: what a browser shows, and what a terminal shows.

const folder = join(import.meta.dirname, "../../docs/pictures");
const wide = { width: 1280, height: 860 };
/** The part of the page that is drawn. The whole page would be too large for the README. */
const upper = { width: 1280, height: 720 };
const phone = { width: 390, height: 844 };
/** How long the farm is under load before its figures are drawn, in milliseconds. */
const warmUp = 120_000;

const started: { stop: (signal: "SIGKILL") => Promise<unknown> }[] = [];

async function start(app: string, environment: Record<string, string>): Promise<AppProcess> {
  const process = AppProcess.start(app, { environment });
  started.push(process);
  await process.says(`${app} answers`);
  return process;
}

/** Asks with a varying rate, until it is stopped. */
async function askAgain(gateway: string, stop: AbortSignal): Promise<void> {
  for (let round = 0; !stop.aborted; round += 1) {
    const count = Math.round(40 + 30 * Math.sin(round / 9) + 20 * Math.random());
    const questions = Array.from({ length: count }, (_, at) => ({
      state: at % 3 === 0 ? "virginia" : "ohio",
      seed: round * 100 + at + 1,
    }));
    const answer = await fetch(`${gateway}/v1/forecasts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(questions),
    });
    await answer.text();
    await pause(400);
  }
}

/** What the first station of each state observed yesterday, so that forecasts start from it. */
async function observe(environment: Record<string, string>): Promise<void> {
  const date = addDays(dateIn("ohio", new Date()), -1);
  for (const words of [
    ["ohio", "KCMH", "--high", "15.6", "--low", "6.7", "--precipitation", "0"],
    ["virginia", "KRIC", "--high", "18.3", "--low", "7.2", "--precipitation", "0"],
  ]) {
    const command = AppProcess.start("client", {
      arguments: ["observe", ...words, "--date", date],
      environment,
    });
    if ((await command.ended()) !== 0) throw new Error(command.errors.join("\n"));
  }
}

/** @param surplus a server that ends while the terminal shows how many there are */
async function terminal(environment: Record<string, string>, surplus: AppProcess): Promise<void> {
  const recording = new Recording(96, 20, environment);
  await recording.run(["forecast", "ohio", "--days", "5"]);
  await pause(3_000);
  const watching = recording.run(["states", "--watch", "--every", "1s"], 8_000);
  await pause(5_000);
  await surplus.stop("SIGKILL");
  await watching;
  const name = "A terminal: weather forecast ohio, then weather states --watch";
  writeFileSync(
    join(folder, "terminal.svg"),
    film(recording.frames, recording.columns, recording.rows, name),
  );
}

async function browser(gateway: string): Promise<void> {
  const chromium = await launchBrowser();
  try {
    const open = async (name: string, path: string, options: Parameters<typeof chromium.newPage>[0]) => {
      const page = await chromium.newPage(options);
      await page.goto(gateway + path);
      return { name, page };
    };
    const pages = [
      await open("forecast-wide-light", "/ohio?days=10", { viewport: upper, colorScheme: "light" }),
      await open("forecast-phone-dark", "/ohio?days=10", { viewport: phone, colorScheme: "dark" }),
      await open("farms-wide-dark", "/farms?farm=ohio", { viewport: wide, colorScheme: "dark" }),
      await open("farms-phone-light", "/farms?farm=ohio", { viewport: phone, colorScheme: "light" }),
    ];
    // The history of a farm begins when its page is opened.
    await pause(warmUp);
    for (const { name, page } of pages) await page.screenshot({ path: join(folder, `${name}.png`) });
  } finally {
    await chromium.close();
  }
}

mkdirSync(folder, { recursive: true });
const broker = await PrivateBroker.start({ server: serverForTests(), management: true });
try {
  const environment = { AMQP_URL: broker.url };
  const apps = [
    "ohio-server",
    "ohio-server",
    "ohio-server",
    "ohio-server",
    "virginia-server",
    "virginia-server",
  ];
  const [surplus] = await Promise.all(apps.map((app) => start(app, environment)));
  if (!surplus) throw new Error("no server was started");
  await observe(environment);
  const process = await start("gateway", {
    ...environment,
    GATEWAY_PORT: "0",
    MANAGEMENT_URL: broker.managementUrl.replace("://", "://guest:guest@"),
  });
  const [, gateway = ""] = /"url":"([^"]+)"/.exec(process.output.join("\n")) ?? [];
  const stop = new AbortController();
  const asking = askAgain(gateway, stop.signal);
  await terminal(environment, surplus);
  await browser(gateway);
  stop.abort();
  await asking;
} finally {
  await Promise.all(started.map((process) => process.stop("SIGKILL")));
  await broker.stop();
}
