import { describe, expect, test } from "vitest";
import { attention, load } from "./attention.ts";
import { eventAt, after, farmOf, noon } from "./example.ts";
import { LiveFarms } from "./live-farms.ts";

/** The browser's clock is an hour ahead of the gateway's. */
const browser = (seconds: number) => noon + 3_600_000 + seconds * 1_000;
const only = (live: LiveFarms, seconds: number) => live.view(browser(seconds))?.farms[0];

describe("live farms", () => {
  test("are unknown before the first event", () => {
    expect(new LiveFarms().view(noon)).toBeUndefined();
  });

  test("have the age of their servers' report, with any clock of the browser, and are old after 3 s", () => {
    const live = new LiveFarms();
    live.take(eventAt(0, [farmOf("ohio", [1], 0)]), browser(0.2));
    expect(only(live, 1.2)).toMatchObject({ age: 1, old: false });
    live.take(eventAt(4, [farmOf("ohio", [1], 0)]), browser(4.2));
    expect(only(live, 4.2)).toMatchObject({ age: 4, old: true });
    expect(live.view(browser(4.2))?.age).toBe(0);
  });

  test("have fresh figures if nobody serves, because the broker counted them", () => {
    const live = new LiveFarms();
    live.take(eventAt(9, [farmOf("ohio", [], 9, { waiting: 12, reportedAt: after(0) })]), browser(9));
    expect(only(live, 9)).toMatchObject({ age: 0, old: false });
  });

  test("show servers that came, and servers that have gone for a while", () => {
    const live = new LiveFarms();
    live.take(eventAt(0, [farmOf("ohio", [1, 2], 0)]), browser(0));
    expect(only(live, 0)?.came.size).toBe(0);
    live.take(eventAt(1, [farmOf("ohio", [2, 3], 1)]), browser(1));
    expect([...(only(live, 1)?.came ?? [])]).toEqual(["ohio-server@farm:3"]);
    // A state that is opened later does not tint it again.
    expect(only(live, 3)?.came.size).toBe(0);
    expect(only(live, 3)?.gone).toEqual([{ server: "ohio-server@farm:1", age: 2 }]);
    live.take(eventAt(40, [farmOf("ohio", [2, 3], 40)]), browser(40));
    expect(only(live, 40)?.gone).toEqual([]);
  });

  test("show at most five servers that have gone", () => {
    const live = new LiveFarms();
    const many = Array.from({ length: 20 }, (_, pid) => pid);
    live.take(eventAt(0, [farmOf("ohio", many, 0)]), browser(0));
    live.take(eventAt(1, [farmOf("ohio", [], 1)]), browser(1));
    expect(only(live, 1)?.gone.length).toBe(5);
  });

  test("show a silent server as silent, not as gone", () => {
    const live = new LiveFarms();
    live.take(eventAt(0, [farmOf("ohio", [1, 2], 0)]), browser(0));
    live.take(eventAt(1, [farmOf("ohio", [1], 1, { servers: 2, silent: 1 })]), browser(1));
    expect(only(live, 1)).toMatchObject({ gone: [], changedAt: undefined });
    expect(attention(live.view(browser(1))?.farms ?? [], noon)).toEqual([
      { state: "ohio", kind: "late", text: "1 of 2 servers silent" },
    ]);
  });

  test("keep their servers while the broker is down, and grow old", () => {
    const live = new LiveFarms();
    const away = { ok: false, since: after(1), message: "connect ECONNREFUSED" } as const;
    live.take(eventAt(0, [farmOf("ohio", [1, 2], 0)]), browser(0));
    live.take(eventAt(5, [farmOf("ohio", [1, 2], 0, { reachable: false })], away), browser(5));
    expect(only(live, 5)).toMatchObject({ age: 5, old: true, gone: [], changedAt: undefined });
    expect(live.view(browser(5))).toMatchObject({ age: 4, broker: away });
    expect(only(live, 5)?.history.at(-1)).toBeUndefined();
  });

  test("of a cluster that is down have the age of its last answer, while others are fresh", () => {
    const live = new LiveFarms();
    const virginia = (reachable: boolean) => farmOf("virginia", [], 0, { reachable });
    live.take(eventAt(0, [virginia(true)]), browser(0));
    live.take(eventAt(7, [virginia(false)]), browser(7));
    expect(only(live, 7)).toMatchObject({ age: 7, old: true });
    expect(live.view(browser(7))?.age).toBe(0);
    expect(attention(live.view(browser(7))?.farms ?? [], noon)[0]?.text).toBe("its broker does not answer");
  });

  test("have a history of five minutes, with the highest value of each five seconds", () => {
    const live = new LiveFarms();
    for (let second = 0; second < 1_000; second++) {
      const answeredPerSecond = second % 5 === 0 ? second : 0;
      live.take(eventAt(second, [farmOf("ohio", [1], second, { answeredPerSecond })]), browser(second));
    }
    const history = only(live, 999)?.history ?? [];
    expect(history.length).toBe(60);
    expect(history.slice(-2)).toEqual([990, 995]);
  });

  test("have a gap where no event came", () => {
    const live = new LiveFarms();
    live.take(eventAt(0, [farmOf("ohio", [1], 0)]), browser(0));
    live.take(eventAt(10, [farmOf("ohio", [1], 10)]), browser(10));
    expect(only(live, 10)?.history.slice(-4)).toEqual([undefined, 12.3, undefined, 12.3]);
    live.take(eventAt(10_000, [farmOf("ohio", [1], 10_000)]), browser(10_000));
    expect(only(live, 10_000)?.history.slice(-2)).toEqual([undefined, 12.3]);
  });

  test("do not include a state of a newer gateway, which this page does not know", () => {
    const live = new LiveFarms();
    const newer = { ...farmOf("ohio", [1], 0), state: "atlantis" as "ohio" };
    live.take(eventAt(0, [newer, farmOf("virginia", [2], 0)]), browser(0));
    expect(live.view(browser(0))?.farms.map(({ name }) => name)).toEqual(["Virginia"]);
  });

  test("are sorted by name, and empty if no farm has been seen", () => {
    const live = new LiveFarms();
    live.take(eventAt(0, [farmOf("virginia", [], 0), farmOf("ohio", [], 0)]), browser(0));
    expect(live.view(browser(0))?.farms.map(({ name }) => name)).toEqual(["Ohio", "Virginia"]);
    expect(live.view(browser(0))?.any).toBe(false);
  });
});

test("the worst fault comes first", () => {
  const live = new LiveFarms();
  const late = farmOf("ohio", [1], 0, { newestObservation: "2026-11-20", deadLetters: 3 });
  live.take(eventAt(0, [late, farmOf("virginia", [], 0, { waiting: 12 })]), noon);
  expect(attention(live.view(noon)?.farms ?? [], noon)).toEqual([
    { state: "ohio", kind: "bad", text: "3 dead letters" },
    { state: "virginia", kind: "bad", text: "nobody serves, 12 waiting" },
    { state: "ohio", kind: "late", text: "newest observation of 20 Nov" },
  ]);
});

test("the map has five steps of load", () => {
  const steps = [null, 100, 100.1, 600, 601].map((answeredPerSecond) =>
    load({ servers: 1, answeredPerSecond }),
  );
  expect([load({ servers: 0, answeredPerSecond: 0 }), ...steps]).toEqual([0, 1, 1, 2, 3, 4]);
});
