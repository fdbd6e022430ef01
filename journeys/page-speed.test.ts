import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { visit } from "./browser.ts";
import { pageFarm } from "./page-farm.ts";
import { SlowProxy } from "./slow-proxy.ts";

const farm = pageFarm();

interface Speed {
  /** When the largest part was painted, in ms. */
  painted: number;
  /** Tasks above 50 ms, in ms. */
  longTasks: number[];
  shift: number;
}

declare global {
  interface Window {
    speed?: Speed;
  }
}

// What a slow phone needs depends on the machine that plays it: the times are printed, and not asserted.
it.each(["/ohio?days=10", "/farms?farm=ohio"])(
  "moves nothing on a slow phone, and prints its times: %s",
  async (path) => {
    const { browser, url } = farm();
    const context = await browser.newContext({ viewport: { width: 375, height: 800 }, hasTouch: true });
    const seen: Speed[] = [];
    for (let run = 0; run < 3; run += 1) {
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send("Network.enable");
      await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
      await devtools.send("Network.emulateNetworkConditions", slow4G);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await page.addInitScript(watchSpeed);
      await page.goto(url + path);
      await pause(2_500);
      seen.push(await page.evaluate(() => window.speed ?? { painted: 0, longTasks: [], shift: 1 }));
      await page.close();
    }
    console.log(
      `${path}, slow 4G and a CPU four times slower: LCP ${seen.map(({ painted }) => painted).join(", ")} ms; tasks above 50 ms: ` +
        seen.map(({ longTasks }) => longTasks.join(" and ") || "none").join(", "),
    );
    for (const { painted, shift } of seen) {
      expect(painted).toBeGreaterThan(0);
      expect(shift).toBe(0);
    }
    await context.close();
  },
);

it.each([
  ["/ohio?days=2", 1_440],
  ["/ohio?days=10", 375],
  ["/farms?farm=ohio", 1_440],
  ["/farms?farm=ohio", 375],
])("moves nothing while it comes piece by piece: %s at %i px", async (path, width) => {
  const { browser, url } = farm();
  const proxy = await SlowProxy.start(url);
  try {
    const { page, faults } = await visit(browser, proxy.url + path, { viewport: { width, height: 900 } });
    expect(await page.locator("h1").isVisible()).toBe(true);
    expect(await faults()).toEqual([]);
    await page.context().close();
  } finally {
    proxy.stop();
  }
});

/** As Lighthouse has it. */
const slow4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};

/** Runs in the page. */
function watchSpeed(): void {
  const speed: Speed = (window.speed = { painted: 0, longTasks: [], shift: 0 });
  const watch = (type: string, take: (entry: PerformanceEntry) => void) => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) take(entry);
    }).observe({ type, buffered: true });
  };
  watch("largest-contentful-paint", ({ startTime }) => (speed.painted = Math.round(startTime)));
  watch("longtask", ({ duration }) => speed.longTasks.push(Math.round(duration)));
  watch("layout-shift", (entry) => (speed.shift += (entry as PerformanceEntry & { value: number }).value));
}
