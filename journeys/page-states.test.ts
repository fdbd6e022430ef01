import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Forecast } from "@weather/contracts";
import { PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { keepPicture, visit } from "./browser.ts";
import { heading, pageFarm, queryOf, rows, urlOf } from "./page-farm.ts";

const farm = pageFarm();
const ten = "/ohio?days=10";

describe("the forecast on the page", () => {
  it("says that nobody serves a state, and shows its forecast when a server has come", async () => {
    const { browser, url, start } = farm();
    const { page, faults } = await visit(browser, `${url}/virginia?days=2`, { expected: /status of 503/ });
    expect(await heading(page)).toBe("Nobody serves");
    expect(await page.locator(".note p").first().textContent()).toBe("Nobody serves Virginia.");
    expect(await page.locator(".note code").first().textContent()).toBe("npm run farm");
    expect(await faults()).toEqual([]);
    await start("virginia-server");
    await until("a forecast", async () => (await rows(page).count()) === 2, 20_000);
    expect(await faults()).toEqual([]);
    await page.context().close();
  });

  it("says that it is offline and how old its figures are, and goes on by itself", async () => {
    const { browser, url } = farm();
    const { page } = await visit(browser, url + ten, { expected: /ERR_INTERNET_DISCONNECTED/ });
    await page.context().setOffline(true);
    await until("a note", async () =>
      (await page.locator(".note").textContent())?.includes("You are offline"),
    );
    expect(await page.locator(".note").textContent()).toMatch(/This is the forecast made .*at \d\d:\d\d/);
    expect(await rows(page).count()).toBe(10);
    await page.context().setOffline(false);
    await until("no note", async () => (await page.locator(".note").count()) === 0, 20_000);
    await page.context().close();
  });

  it("keeps its figures while nobody serves, and says why they are old", async () => {
    const { browser, processes, start } = farm();
    const uncached = urlOf(await start("gateway", { GATEWAY_PORT: "0", CACHE_ENTRIES: "0" }));
    const server = await start("virginia-server");
    const { page, faults } = await visit(browser, `${uncached}/virginia?days=2`, {
      expected: /status of 50[34]/,
    });
    const lookAgain = () => page.evaluate(() => dispatchEvent(new Event("online")));
    for (const { app, process } of processes) if (app === "virginia-server") await process.stop("SIGKILL");
    await server.ended();
    await until("a note", async () => {
      await lookAgain();
      return (await page.locator(".note").textContent())?.includes("npm run farm");
    });
    expect(await page.locator(".note").textContent()).toMatch(/forecast made .*at \d\d:\d\d/);
    expect(await rows(page).count()).toBe(2);
    expect(await faults()).toEqual([]);
    await start("virginia-server");
    await until("no note", async () => (await page.locator(".note").count()) === 0, 30_000);
    await page.context().close();
  });

  it("says that the broker is away, keeps its figures, and goes on by itself", async () => {
    const { browser, start } = farm();
    const broker = await PrivateBroker.start({ server: serverForTests() });
    try {
      const environment = { AMQP_URL: broker.url };
      await start("ohio-server", environment);
      const gateway = await start("gateway", { ...environment, GATEWAY_PORT: "0", CACHE_ENTRIES: "0" });
      const address = `${urlOf(gateway)}/ohio?days=2`;
      const expected = /status of 50[34]/;
      const shown = await visit(browser, address, { expected });
      // RabbitMQ 3.10 loses the leader of a quorum queue that is killed in its first seconds.
      await pause(6_000);
      await broker.kill();
      await until("a note", async () => {
        await shown.page.evaluate(() => dispatchEvent(new Event("online")));
        return (await shown.page.locator(".note").textContent())?.includes("The broker does not answer.");
      });
      expect(await shown.page.locator(".note").textContent()).toMatch(/forecast made .*at \d\d:\d\d/);
      expect(await rows(shown.page).count()).toBe(2);
      expect(await shown.page.locator("#station").inputValue()).toBe("KCMH");
      const opened = await visit(browser, address, { expected });
      expect(await heading(opened.page)).toBe("No broker");
      expect(await opened.page.locator(".note").textContent()).toContain("The page goes on by itself");
      for (const { faults } of [shown, opened]) expect(await faults()).toEqual([]);
      await keepPicture(shown.page, "forecast no broker, kept");
      await keepPicture(opened.page, "forecast no broker");
      await broker.start();
      for (const { page } of [shown, opened]) {
        await until("no note", async () => (await page.locator(".note").count()) === 0, 60_000);
        expect(await rows(page).count()).toBe(2);
      }
      for (const { page, faults } of [shown, opened]) {
        expect(await faults()).toEqual([]);
        await page.context().close();
      }
    } finally {
      await broker.stop();
    }
  });

  it("asks for the reader's place only when the button is pressed, and finds the nearest station", async () => {
    const { browser, url } = farm();
    const place = { latitude: 41.4, longitude: -81.8 };
    const { page, faults } = await visit(browser, url + ten, {
      geolocation: place,
      permissions: ["geolocation"],
    });
    expect(queryOf(page)).toEqual({ days: "10" });
    await page.locator("#near").click();
    await until("Cleveland", async () => (await heading(page))?.includes("Cleveland"));
    expect(queryOf(page)).toMatchObject({ latitude: "41.400", longitude: "-81.800", days: "10" });
    expect(await page.locator(".today").textContent()).toContain("The nearest station to 41.40° N 81.80° W");
    expect(await faults()).toEqual([]);
    await page.context().close();
  });

  it("is copied as commands and addresses that give the same", async () => {
    const { browser, url } = farm();
    const { page } = await visit(browser, `${url}/ohio?days=2&seed=5`, {
      permissions: ["clipboard-write", "clipboard-read"],
    });
    const copied = async (label: string) => {
      await page.getByRole("button", { name: `Copy for ${label}` }).click();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copied("curl")).toBe(`curl '${url}/ohio?days=2&seed=5'`);
    expect(await copied("weather")).toBe("npx weather forecast ohio --days 2 --seed 5");
    const { days } = (await (await fetch(await copied("JSON"))).json()) as Forecast;
    expect(days).toHaveLength(2);
    expect(await (await fetch(await copied("SVG"))).text()).toMatch(/^<svg /);
    // A limit asks for chances: the forecast stays a forecast.
    await page.goto(`${url}/ohio?days=2&risk=low%3C-5C`);
    expect(await copied("curl")).toBe(`curl '${url}/ohio?days=2'`);
    expect(await copied("weather")).toBe("npx weather forecast ohio --days 2");
    expect(await copied("chances")).toBe("npx weather forecast ohio --days 2 --risk 'low<-5C'");
    await page.context().close();
  });

  it.for([7, 2])("shows a skeleton while a farm has not answered, and then the %s days", async (days) => {
    const { browser, url, ohio } = farm();
    process.kill(ohio.pid ?? 0, "SIGSTOP");
    try {
      const { page, faults } = await visit(browser, `${url}/ohio?days=${days}&seed=${days}`);
      expect(await page.locator("#answer").textContent()).toContain("Asking Ohio…");
      expect(await faults()).toEqual([]);
      process.kill(ohio.pid ?? 0, "SIGCONT");
      await until("a forecast", async () => (await rows(page).count()) === days, 20_000);
      expect(await heading(page)).toContain("Columbus");
      expect(await faults()).toEqual([]);
      await page.context().close();
    } finally {
      process.kill(ohio.pid ?? 0, "SIGCONT");
    }
  });
});
