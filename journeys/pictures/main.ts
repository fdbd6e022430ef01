import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AppProcess, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { launchBrowser } from "../browser.ts";
import { film } from "./film.ts";
import { Recording } from "./recording.ts";

// The pictures of the README, from a real farm: what a browser shows, and what a terminal shows.

const folder = join(import.meta.dirname, "../../docs/pictures");
const wide = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };
/** How long the farm is asked before its figures are drawn, in ms. */
const warmUp = 60_000;

const started: { stop: (signal: "SIGKILL") => Promise<unknown> }[] = [];

async function start(app: string, environment: Record<string, string>): Promise<AppProcess> {
  const process = AppProcess.start(app, { environment });
  started.push(process);
  await process.says(`${app} answers`);
  return process;
}

/** Asks now more and now less, until it is stopped. */
async function askAgain(gateway: string, stop: AbortSignal): Promise<void> {
  for (let round = 0; !stop.aborted; round += 1) {
    const count = Math.round(40 + 30 * Math.sin(round / 9) + 20 * Math.random());
    const questions = Array.from({ length: count }, (_, at) => ({
      state: at % 3 === 0 ? "virginia" : "ohio",
      seed: round * 100 + at,
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

async function terminal(url: string): Promise<void> {
  const recording = new Recording(96, 22, { AMQP_URL: url });
  await recording.run(["forecast", "ohio", "--days", "5"]);
  await pause(3_000);
  await recording.run(["states", "--watch", "--every", "1s"], 6_000);
  const name = "A terminal: weather forecast ohio, then weather states --watch";
  writeFileSync(
    join(folder, "terminal.svg"),
    film(recording.frames, recording.columns, recording.rows, name),
  );
}

async function browser(gateway: string): Promise<void> {
  const chromium = await launchBrowser();
  try {
    for (const [name, path, viewport, colorScheme] of [
      ["forecast-wide-light", "/ohio?days=10", wide, "light"],
      ["forecast-phone-dark", "/ohio?days=10", phone, "dark"],
      ["farms-wide-dark", "/farms?farm=ohio", wide, "dark"],
      ["farms-phone-light", "/farms?farm=ohio", phone, "light"],
    ] as const) {
      const page = await chromium.newPage({ viewport, colorScheme });
      await page.goto(gateway + path);
      // The history of a farm begins when its page is opened.
      await pause(path.startsWith("/farms") ? warmUp : 1_000);
      await page.screenshot({ path: join(folder, `${name}.png`) });
      await page.close();
    }
  } finally {
    await chromium.close();
  }
}

mkdirSync(folder, { recursive: true });
const broker = await PrivateBroker.start({ server: serverForTests(), management: true });
try {
  const environment = { AMQP_URL: broker.url };
  const servers = ["ohio-server", "ohio-server", "ohio-server", "virginia-server", "virginia-server"];
  await Promise.all(servers.map((app) => start(app, environment)));
  const process = await start("gateway", {
    ...environment,
    GATEWAY_PORT: "0",
    MANAGEMENT_URL: broker.managementUrl.replace("://", "://guest:guest@"),
  });
  const [, gateway = ""] = /"url":"([^"]+)"/.exec(process.output.join("\n")) ?? [];
  const stop = new AbortController();
  const asking = askAgain(gateway, stop.signal);
  await terminal(broker.url);
  await browser(gateway);
  stop.abort();
  await asking;
} finally {
  await Promise.all(started.map((process) => process.stop("SIGKILL")));
  await broker.stop();
}
