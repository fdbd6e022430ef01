import { existsSync, mkdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { brokenRules } from "./page-rules.ts";

const executablePath = "/usr/bin/chromium";

/** Debian's Chromium, installed if it is missing and this may install it. */
function installed(): string {
  if (existsSync(executablePath)) return executablePath;
  const packages = ["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"];
  console.log("installing Debian's chromium for the tests of the page");
  for (const words of [["update", "-q"], packages]) {
    const { status, stderr } = spawnSync("apt-get", words, {
      encoding: "utf8",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (status !== 0)
      throw new Error(`the tests of the page need chromium: apt-get ${words[0]} failed: ${stderr}`);
  }
  return executablePath;
}

/** A browser with a profile of its own, which makes no requests of its own. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: installed(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A page, with its faults. */
interface WatchedPage {
  readonly page: Page;
  /** Every request that it made. */
  readonly requests: string[];
  /** All faults so far: errors, requests to other hosts, layout shifts, broken rules of the design, findings of axe. */
  readonly faults: () => Promise<string[]>;
}

export interface Visit extends BrowserContextOptions {
  /** Texts of console errors that belong to the story, such as a status of 503. */
  readonly expected?: RegExp;
}

/** Opens a URL in a new browser context. */
export async function visit(
  browser: Browser,
  address: string,
  { expected, ...options }: Visit = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !expected?.test(message.text()))
      errors.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => errors.push(`error: ${error.message}`));
  page.on("request", (request) => requests.push(request.url()));
  if (options.javaScriptEnabled !== false) await page.addInitScript(watchShifts);
  await page.goto(address);
  // On a phone, parts of the page follow in later frames.
  while (await page.evaluate(isComing)) await pause(20);
  const { origin } = new URL(address);
  const faults = async () => [
    ...errors,
    ...requests.filter((url) => !url.startsWith(`${origin}/`)).map((url) => `asked another host: ${url}`),
    ...(options.javaScriptEnabled === false ? [] : await page.evaluate(shiftsSeen)),
    ...(await page.evaluate(brokenRules)),
    // axe needs a script's clock.
    ...(options.javaScriptEnabled === false ? [] : await axeFindings(page)),
  ];
  return { page, requests, faults };
}

const isComing = () => document.getAnimations().some(({ playState }) => playState === "running");

declare global {
  interface Window {
    shifts?: string[];
  }
}

/** Runs in the page. */
function watchShifts(): void {
  const shifts: string[] = (window.shifts = []);
  interface Shift extends PerformanceEntry {
    readonly value: number;
    readonly hadRecentInput: boolean;
    readonly sources?: readonly {
      readonly node?: Element | null;
      readonly previousRect: DOMRectReadOnly;
      readonly currentRect: DOMRectReadOnly;
    }[];
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) {
      // A figure at the right edge of its cell grows to the left, and moves nothing.
      const sources = entry.sources?.filter(
        ({ previousRect: from, currentRect: to }) => from.right !== to.right || from.top !== to.top,
      );
      if (sources?.length === 0) continue;
      const moved = sources?.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 80));
      if (!entry.hadRecentInput) shifts.push(`layout shift of ${entry.value}: ${moved?.join(" | ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
}

const shiftsSeen = () => window.shifts ?? [];

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Findings {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<Findings>("axe.run({ resultTypes: ['violations'] })");
  return violations.map(
    ({ id, help, nodes }) =>
      `axe ${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary?.split("\n").at(-1)})`)
        .join(", ")}`,
  );
}

const folder = fileURLToPath(new URL("../.cache/screenshots/", import.meta.url));

/** Saves a picture to `.cache/screenshots`, for people to look at. No test compares it. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
}

/** Goes through the page with the Tab key. @returns each stop, and whether its focus can be seen */
export async function tabStops(page: Page, most = 80): Promise<{ name: string; seen: boolean }[]> {
  const stops: { name: string; seen: boolean }[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let at = 0; at < most; at += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      // A radio button that looks like a button shows its focus on the label.
      const drawn = [element, element.closest("label"), element.querySelector("path, use")].filter(
        (one) => one !== null,
      );
      const seen = drawn.some((one) => {
        const { outlineStyle, outlineWidth, strokeWidth } = getComputedStyle(one);
        return (
          (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) ||
          (one instanceof SVGElement && parseFloat(strokeWidth) >= 3)
        );
      });
      // The button in a field for a date is the browser's own.
      const own = element instanceof HTMLInputElement && element.type === "date";
      const text = element.textContent.trim().slice(0, 30);
      return {
        name: element.id || element.getAttribute("name") || element.getAttribute("aria-label") || text,
        seen: seen || own,
      };
    });
    if (!stop) break;
    stops.push(stop);
  }
  return stops;
}
