import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { AppProcess, Vhost } from "@weather/testing";
import { launchBrowser } from "./browser.ts";

interface PageFarm {
  readonly vhost: Vhost;
  readonly browser: Browser;
  /** Of the gateway, without a slash at its end. */
  readonly url: string;
  /** Ohio's server. */
  readonly ohio: AppProcess;
  readonly processes: { readonly app: string; readonly process: AppProcess }[];
  /** Starts an app, and waits until it answers. */
  readonly start: (app: string, environment?: Record<string, string>) => Promise<AppProcess>;
}

/** One farm, one gateway and one browser for all tests of a file. */
export function pageFarm(): () => PageFarm {
  let farm: PageFarm | undefined;
  const processes: PageFarm["processes"] = [];
  let vhost: Vhost | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const own = (vhost = await Vhost.create(inject("broker")));
    const start = async (app: string, environment: Record<string, string> = {}) => {
      const process = AppProcess.start(app, { environment: { AMQP_URL: own.url, ...environment } });
      processes.push({ app, process });
      await process.says(`${app} answers`);
      return process;
    };
    const [gateway, ohio] = await Promise.all([
      start("gateway", { GATEWAY_PORT: "0" }),
      start("ohio-server"),
    ]);
    browser = await launchBrowser();
    farm = { vhost: own, browser, url: urlOf(gateway), ohio, processes, start };
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(processes.map(({ process }) => process.stop("SIGKILL")));
    await vhost?.remove();
  });
  return () => {
    if (farm) return farm;
    throw new Error("the farm is there only while tests run");
  };
}

/** The URL of a gateway, from its log. */
export const urlOf = ({ output }: AppProcess) => /"url":"([^"]+)"/.exec(output.join("\n"))?.[1] ?? "";

export const queryOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
/** A row for each day. */
export const rows = (page: Page) => page.locator(".days tbody tr");
export const heading = (page: Page) => page.locator("h1").textContent();
