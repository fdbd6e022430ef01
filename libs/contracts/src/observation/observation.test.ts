import { describe, expect, it } from "vitest";
import { overlap } from "../overlap.ts";
import { stateNames } from "../states.ts";
import { NewestObservations } from "./newest-observations.ts";
import { observation, observationKey, observations } from "./observation.ts";

const columbus = { state: "ohio", station: "KCMH", date: "2026-11-25", high: 9, low: 1, precipitation: 0.3 };
const read = (changes: object = {}) => observation.parse({ ...columbus, ...changes });

describe("an observation", () => {
  it("may have missing values, and a station outside the farms' states", () => {
    expect(read({ high: undefined })).toMatchObject({ low: 1, complete: true, revision: 0 });
    expect(read({ state: "indiana", station: "IN_Bedford_5_WNW" }).state).toBe("indiana");
  });

  it.each([
    ["hotter than any place ever was", { high: 61 }],
    ["colder", { low: -91 }],
    ["with a low above its high", { low: 10 }],
    ["with less than no rain", { precipitation: -0.1 }],
    ["with more rain than ever fell", { precipitation: 2_001 }],
    ["of a day that is none", { date: "2026-02-30" }],
    ["of a state that is none", { state: "ohoi" }],
    ["of a station that could end a routing key in a state's name", { station: "ohio" }],
    ["of nothing", { high: undefined, low: undefined, precipitation: undefined }],
    ["with a field that nobody knows", { hihg: 9 }],
    ["that is no number", { high: NaN }],
  ])("%s is refused", (_, changes) => {
    expect(observation.safeParse({ ...columbus, ...changes }).success).toBe(false);
  });

  it("has a key that matches the stream's binding and no farm's", () => {
    const key = observationKey(read());
    expect(key).toBe("observed.ohio.KCMH");
    expect(overlap(key, observations.bindingKey)).toBe(true);
    for (const state of stateNames) expect(overlap(key, `#.${state}`)).toBe(false);
  });
});

describe("the newest observations", () => {
  const newest = () =>
    new NewestObservations({ knows: (station) => station.startsWith("K"), today: () => "2026-11-26" });

  it("of one day: the highest revision counts, in any order of arrival", () => {
    const book = newest();
    expect(book.take(read({ revision: 2 }))).toBe("new");
    expect(book.take(read({ revision: 1, high: 20 }))).toBe("out-of-order");
    expect(book.take(read({ revision: 2, high: 20 }))).toBe("doubled");
    expect(book.take(read({ revision: 3, high: 12 }))).toBe("revised");
    expect(book.all.map(({ high }) => high)).toEqual([12]);
  });

  it("that change nothing leave the version as it is, and are counted", () => {
    const book = newest();
    book.take(read());
    const { version } = book;
    expect(book.take(read())).toBe("doubled");
    expect(book.take(read({ date: "2026-11-27" }))).toBe("future-dated");
    expect(book.take(read({ station: "OH_Invented" }))).toBe("unknown-station");
    expect(book.take(read({ date: "2026-11-01" }))).toBe("late");
    expect(book.version).toBe(version);
    expect(book.all).toHaveLength(1);
    for (const verdict of ["new", "doubled", "future-dated", "unknown-station", "late"] as const)
      expect(book.count(verdict)).toBe(1);
  });

  it("of an older day that come after a newer one count, if the day is one of the last 15", () => {
    const book = newest();
    book.take(read());
    expect(book.take(read({ date: "2026-11-11" }))).toBe("new");
    expect(book.take(read({ date: "2026-11-10" }))).toBe("late");
  });

  it("keep at most 15 days of each station, so that memory is bounded", () => {
    const book = newest();
    for (let day = 0; day < 400; day += 1) {
      const date = new Date(Date.UTC(2025, 9, 1 + day)).toISOString().slice(0, 10);
      book.take(read({ date }));
    }
    expect(book.all).toHaveLength(15);
    expect(book.newest).toBe("2026-11-04");
  });

  it("show which station has fallen silent", () => {
    const book = newest();
    book.take(read());
    book.take(read({ station: "KDAY", date: "2026-11-20" }));
    expect(book.newest).toBe("2026-11-25");
    expect(Object.fromEntries(book.all.map(({ station, date }) => [station, date]))).toEqual({
      KCMH: "2026-11-25",
      KDAY: "2026-11-20",
    });
  });
});
