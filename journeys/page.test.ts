import { describe, expect, it } from "vitest";
import type { Forecast, Risk } from "@weather/contracts";
import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { keepPicture, tabStops, visit, type Visit } from "./browser.ts";
import { heading, pageFarm, queryOf, rows } from "./page-farm.ts";

const farm = pageFarm();
const ten = "/ohio?days=10";

describe("the forecast on the page", () => {
  const looks: Record<string, Visit> = {
    "wide, light": {},
    "wide, dark": { colorScheme: "dark" },
    "at 768 px": { viewport: { width: 768, height: 1_024 } },
    "on a phone, light": { viewport: { width: 375, height: 800 }, hasTouch: true },
    "on a phone, dark": { viewport: { width: 375, height: 800 }, hasTouch: true, colorScheme: "dark" },
    "at 320 px": { viewport: { width: 320, height: 640 } },
    "with reduced motion": { reducedMotion: "reduce" },
    "with more contrast": { contrast: "more" },
    "with forced colours": { viewport: { width: 1_000, height: 900 }, forcedColors: "active" },
    "without JavaScript": { viewport: { width: 900, height: 900 }, javaScriptEnabled: false },
  };
  it.each(Object.entries(looks))("breaks no rule %s", async (name, look) => {
    const { browser, url } = farm();
    for (const path of [ten, "/ohio?days=2&units=us&observed=70F,50F,0.4in&station=kcle"]) {
      const { page, faults } = await visit(browser, url + path, look);
      expect(await rows(page).count()).toBe(path === ten ? 10 : 2);
      expect(await faults()).toEqual([]);
      if (path === ten) await keepPicture(page, `forecast ${name}`);
      await page.context().close();
    }
  });

  it("loads at most 45 kB in at most 5 requests, and 15 kB of JavaScript", async () => {
    const { browser, url } = farm();
    const { page, requests } = await visit(browser, url + ten);
    await page.waitForLoadState("networkidle");
    const icon = (await page.locator("link[rel=icon]").getAttribute("href")) ?? "";
    const all = [...new Set([...requests, url + icon])];
    const sizes = await Promise.all(all.map(async (address) => [address, await sizeOf(address)] as const));
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    const script = sizes.find(([address]) => address.endsWith(".js"))?.[1] ?? Infinity;
    console.log(
      Object.fromEntries([
        ...sizes.map(([address, size]) => [new URL(address).pathname, size]),
        ["total", total],
      ]),
    );
    expect(all.length).toBeLessThanOrEqual(5);
    expect(total).toBeLessThanOrEqual(45_000);
    expect(script).toBeLessThanOrEqual(15_000);
    await page.context().close();
  });

  it("redirects, caches, and answers a mistake with its status", async () => {
    const { url } = farm();
    const html = { accept: "text/html" };
    const get = (path: string, headers = {}) =>
      fetch(url + path, { redirect: "manual", headers: { ...html, ...headers } });
    const sent = await get("/?state=ohio&was=ohio&in=us&days=3&units=us&of=high&limit=90&latitude=&high=");
    expect([sent.status, sent.headers.get("location")]).toEqual([
      303,
      "/ohio?days=3&units=us&risk=high%3E90F",
    ]);
    expect(await sent.text()).toBe("The forecast is at /ohio?days=3&units=us&risk=high%3E90F\n");
    const near = await get("/?latitude=41.4&longitude=-81.8");
    expect(near.headers.get("location")).toBe("/ohio?days=10&latitude=41.4&longitude=-81.8");
    // A word that is not a state leads to no other host, and breaks no header.
    for (const word of ["%2Fevil.example", "%5Cevil.example", "a%0D%0Ax", "%E6%9D%B1"]) {
      const elsewhere = await get(`/?state=${word}`);
      expect([elsewhere.status, elsewhere.headers.get("location")]).toEqual([303, `/${word}`]);
      expect((await get(`/${word}`)).status).toBe(404);
    }

    const first = await get(ten);
    const again = await get(ten, { "if-none-match": first.headers.get("etag") });
    expect([first.status, again.status]).toEqual([200, 304]);
    const [script = ""] = /[/]assets[^"]+js/.exec(await first.text()) ?? [];
    expect((await get(script)).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");

    const mile = await get("/ohio?latitude=40.0045&longitude=-82.88&units=us");
    expect(await mile.text()).toContain(", 1 mile away");

    for (const [path, status, detail] of [
      ["/ohio?days=3&days=4", 400, "days: expected one value"],
      ["/ohio?station=KXYZ", 404, "no station KXYZ"],
      ["/ohoi", 404, "Did you mean ohio?"],
      ["/ohio?latitude=0&longitude=0", 404, "150 km"],
      ["/assets/none.js", 404, "no /assets/none.js"],
    ] as const) {
      const refused = await get(path);
      expect({ path, status: refused.status, says: (await refused.text()).includes(detail) }).toEqual({
        path,
        status,
        says: true,
      });
    }
  });

  it("changes place and days in place, and every view is a link", async () => {
    const { browser, url } = farm();
    const { page, faults, requests } = await visit(browser, url + ten);
    await page.selectOption("#days", "3");
    await until("three days", async () => (await rows(page).count()) === 3);
    expect(queryOf(page)).toMatchObject({ days: "3" });
    await page.selectOption("#units", "us");
    await until("degrees Fahrenheit", async () =>
      (await page.locator(".days thead").textContent())?.includes("°F"),
    );
    const link = page.url();
    await page.goBack();
    await until("degrees Celsius", async () =>
      (await page.locator(".days thead").textContent())?.includes("°C"),
    );
    expect(await page.locator("#units").inputValue()).toBe("metric");
    await page.goBack();
    await until("ten days", async () => (await rows(page).count()) === 10);
    await page.goForward();
    await until("three days again", async () => (await rows(page).count()) === 3);
    // No document was loaded again: only the first one.
    expect(requests.filter((one) => one.endsWith(".js"))).toHaveLength(1);
    expect(await faults()).toEqual([]);

    const other = await visit(browser, link);
    expect(await other.page.locator(".days thead").textContent()).toContain("°F");
    expect(await rows(other.page).count()).toBe(3);
    await Promise.all([page.context().close(), other.page.context().close()]);
  });

  it("is where the tab of the farms leads back to", async () => {
    const { browser, url } = farm();
    const { page } = await visit(browser, url + ten);
    await page.selectOption("#days", "3");
    await until("three days", async () => (await rows(page).count()) === 3);
    const link = page.url();
    await page.getByRole("link", { name: "Farms" }).click();
    await page.getByRole("link", { name: "Forecast" }).click();
    await until("three days again", async () => (await rows(page).count()) === 3);
    expect(page.url()).toBe(link);
    await page.context().close();
  });

  it("has no grid as dark as its texts, also with more contrast", async () => {
    const { browser, url } = farm();
    const { page } = await visit(browser, url + ten, { contrast: "more" });
    const colour = (selector: string, property: "fill" | "stroke") =>
      page
        .locator(`#figures ${selector}`)
        .first()
        .evaluate((element, property) => getComputedStyle(element)[property], property);
    expect(await colour(".grid:not(.zero)", "stroke")).not.toBe(await colour("text.strong", "fill"));
    await page.context().close();
  });

  it("lights up the day under the pointer", async () => {
    const { browser, url } = farm();
    const { page } = await visit(browser, url + ten);
    const day = page.locator("#figures .day").nth(3);
    const { x, y, width, height } = (await day.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width / 2, y + height / 3);
    expect(await day.evaluate((element) => getComputedStyle(element).fill)).not.toBe("rgba(0, 0, 0, 0)");
    await page.context().close();
  });

  it("works by keyboard, and shows the focus", async () => {
    const { browser, url } = farm();
    const { page, faults } = await visit(browser, url + ten);
    const stops = await tabStops(page);
    expect(stops.filter(({ seen }) => !seen)).toEqual([]);
    expect(stops.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["state", "station", "days", "units", "limit"]),
    );
    await page.locator("#days").focus();
    await page.keyboard.press("ArrowUp");
    await until("nine days", async () => (await rows(page).count()) === 9);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("days");
    await page.locator("summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("#high").focus();
    await page.keyboard.type("19");
    await page.keyboard.press("Tab");
    await page.keyboard.type("10");
    await page.keyboard.press("Tab");
    await page.keyboard.type("0");
    await page.keyboard.press("Enter");
    await until("the observation", () => queryOf(page)["observed"] === "19C,10C,0mm");
    await until("its column", async () =>
      (await page.locator("#fan-description").textContent())?.includes("were observed"),
    );
    expect(await faults()).toEqual([]);
    await page.context().close();
  });

  it("says how likely a limit is crossed, as the weather command does", async () => {
    const { vhost, browser, url } = farm();
    const { page, faults } = await visit(browser, `${url}${ten}&seed=7`);
    await page.locator("#limit").focus();
    for (let at = 0; at < 5; at += 1) await page.keyboard.press("ArrowRight");
    await until("five degrees", () => queryOf(page)["risk"] === "low<5C");
    const command = AppProcess.start("client", {
      arguments: ["forecast", "ohio", "--days", "10", "--seed", "7", "--risk", "low<5C", "--json"],
      environment: { AMQP_URL: vhost.url },
    });
    expect(await command.ended()).toBe(0);
    const { reply: risk } = JSON.parse(command.output[0] ?? "") as { reply: Risk };
    const chance = `${Math.round(risk.chance * 100)} in 100`;
    await until(chance, async () => (await page.locator("#chances").textContent())?.includes(chance));
    expect(await page.locator("#chances").textContent()).toContain("A low below 5 °C");
    const shown = await page.locator("#likely-chart-description").textContent();
    for (const day of risk.days) expect(shown).toContain(`${Math.round(day.chance * 100)} %`);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("limit");

    await page.locator("input[value=precipitation]").check({ force: true });
    await until("rain", async () => (await page.locator("#chances").textContent())?.includes("rain or snow"));
    expect(await faults()).toEqual([]);
    await page.context().close();
  });

  it("keeps a limit that lies beyond the slider's ends", async () => {
    const { browser, url } = farm();
    const { page, faults } = await visit(browser, `${url}${ten}&risk=low%3C-40C`);
    expect(await page.locator("#limit").inputValue()).toBe("-40");
    await page.selectOption("#days", "2");
    await until("two days", async () => (await rows(page).count()) === 2);
    expect(queryOf(page)["risk"]).toBe("low<-40C");
    expect(await faults()).toEqual([]);
    await page.context().close();
  });

  it("has the same figures in its table, its chart and its JSON", async () => {
    const { browser, url } = farm();
    const { days } = (await (await fetch(`${url}/v1/forecasts/ohio.json?days=10&seed=3`)).json()) as Forecast;
    const { page } = await visit(browser, `${url}${ten}&seed=3`);
    const texts = await rows(page).allTextContents();
    const description = await page.locator("#fan-description").textContent();
    days.forEach(({ high, low, precipitation }, at) => {
      for (const { p50 } of [high, low]) {
        expect(texts[at]?.replaceAll("−", "-")).toContain(
          (Math.round(p50 * 10) / 10).toFixed(1).replace("-0.0", "0.0"),
        );
        expect(description).toContain(p50.toFixed(1).replace("-0.0", "0.0"));
      }
      expect(texts[at]).toContain(`${Math.round(precipitation.chance * 100)} %`);
    });
    await page.context().close();
  });

  it("says which field is refused, beside it", async () => {
    const { browser, url } = farm();
    const { page, faults } = await visit(browser, `${url}/ohio?days=40&risk=low%3C-5C`, {
      expected: /status of 422/,
    });
    const why = page.locator("#why-days");
    expect(await why.textContent()).toBe("Ohio refused days: expected a whole number from 1 to 10, got 40");
    const days = page.locator("#days");
    expect(await days.getAttribute("aria-invalid")).toBe("true");
    expect(await days.inputValue()).toBe("40");
    expect(await heading(page)).toBe("Refused");
    expect(await page.locator(".note").count()).toBe(0);
    // The row stays a row.
    const top = (await days.boundingBox())?.y;
    expect((await page.locator("#station").boundingBox())?.y).toBe(top);
    expect(await faults()).toEqual([]);
    await page.selectOption("#days", "4");
    await until("four days", async () => (await rows(page).count()) === 4);
    expect(await page.locator(".why, .note").count()).toBe(0);
    expect(queryOf(page)["risk"]).toBe("low<-5C");
    await page.context().close();

    const other = await visit(browser, `${url}/ohio?observed=19C,10C,much`, { expected: /status of 422/ });
    expect(await other.page.locator("#field-precipitation .why").textContent()).toContain('got "much"');
    expect(await other.page.locator("#high").inputValue()).toBe("19");
    expect(await other.faults()).toEqual([]);
    await other.page.context().close();
  });

  it("works without JavaScript", async () => {
    const { browser, url } = farm();
    const { page, faults } = await visit(browser, url, { javaScriptEnabled: false });
    expect(page.url()).toBe(url + ten);
    await page.selectOption("#days", "2");
    await page.selectOption("#units", "us");
    await page.getByRole("button", { name: "Show" }).click();
    expect(queryOf(page)).toEqual({ station: "KCMH", days: "2", units: "us", risk: "low<0C" });
    expect(await rows(page).count()).toBe(2);
    expect(await page.locator("#near").isVisible()).toBe(false);
    expect(await faults()).toEqual([]);
    // The limit of frost is none for rain.
    await page.locator("input[value=precipitation]").check({ force: true });
    await page.getByRole("button", { name: "Ask" }).click();
    expect(queryOf(page)["risk"]).toBe("precipitation>10mm");
    await page.context().close();
  });

  it("prints without controls, with its address", async () => {
    const { browser, url } = farm();
    const { page } = await visit(browser, url + ten, { viewport: { width: 720, height: 1_000 } });
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#question").isVisible()).toBe(false);
    expect(await page.locator(".url").textContent()).toContain(url + ten);
    expect(await page.locator(".roomy").first().isVisible()).toBe(true);
    await keepPicture(page, "forecast printed");
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(3);
    await page.context().close();
  });

  it("gives a picture that keeps its colours in a browser", async () => {
    const { browser, url } = farm();
    const page = await browser.newPage();
    await page.goto(`${url}/v1/forecasts/ohio.svg`);
    const fill = await page.evaluate(() => {
      const text = document.querySelector(".figure.warm");
      return text === null ? "" : getComputedStyle(text).fill;
    });
    expect(fill).toBe("rgb(166, 52, 9)");
    await page.close();
  });
});

/** Bytes of a body as it is sent, compressed. */
async function sizeOf(address: string): Promise<number> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const headers = { accept: "text/html", "accept-encoding": "br" };
    request(address, { headers }, (response) => {
      let size = 0;
      response.on("data", (part: Buffer) => (size += part.length)).on("end", () => resolve(size));
    })
      .on("error", reject)
      .end();
  });
}
