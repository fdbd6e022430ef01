import { describe, expect, it } from "vitest";
import { dressed, ensemble, frost } from "../../test/example.ts";
import { curve } from "./curve.ts";
import { forecastChart } from "./forecast-chart.ts";
import { knowledge, knownDays } from "./knowledge.ts";
import { forecastPicture } from "./picture.ts";
import { riskChart } from "./risk-chart.ts";
import { spark } from "./spark.ts";
import { chartStyle } from "./style.ts";
import { ofPage, ofTheme, tokens } from "./tokens.ts";

const observed = { date: "2026-11-22", high: 12, low: 3, precipitation: 0 };
const warmer = ensemble(10);
for (const [at, { high, low }] of warmer.days.entries()) {
  // Ten degrees too warm on the first day, none after the third.
  for (const spread of [high, low]) {
    for (const p of ["p10", "p50", "p90"] as const) spread[p] += Math.max(0, 10 - 4 * at);
  }
}
const full = { units: "metric", observed, climate: ensemble(10) } as const;

/** The elements of the markup. Throws if an element is not closed, or an attribute occurs twice. */
function elementsOf(markup: string): { name: string; attributes: Map<string, string> }[] {
  const open: string[] = [];
  const elements: { name: string; attributes: Map<string, string> }[] = [];
  let rest = markup;
  for (const [tag, end, name = "", written = "", empty] of markup.matchAll(
    /<(\/?)([a-zA-Z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g,
  )) {
    rest = rest.replace(tag, "");
    if (end) {
      expect(open.pop()).toBe(name);
      continue;
    }
    const attributes = new Map<string, string>();
    for (const [, key = "", value = ""] of written.matchAll(/ ([\w:-]+)="([^"]*)"/g)) {
      expect(attributes.has(key)).toBe(false);
      attributes.set(key, value);
    }
    elements.push({ name, attributes });
    if (!empty) open.push(name);
  }
  expect(open).toEqual([]);
  expect(rest).not.toContain("<");
  return elements;
}

/** As WCAG 2.2 defines it. */
function contrast(one: string, other: string): number {
  const [light = 1, dark = 0] = [one, other]
    .map((colour) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5]
        .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    })
    .sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const pictures: [string, string][] = (["light", "dark"] as const).flatMap((theme) =>
  [320, 375, 760, 960, 1280, 2000].flatMap((width): [string, string][] => [
    [`a whole forecast, ${theme}, ${width} px`, forecastPicture(warmer, { ...full, theme, width })],
    [`a dressed one, ${theme}, ${width} px`, forecastPicture(dressed, { units: "us", theme, width })],
    [`one day, ${theme}, ${width} px`, forecastPicture(ensemble(1), { units: "metric", theme, width })],
  ]),
);

describe.each(pictures)("the picture of %s", (_, svg) => {
  const elements = elementsOf(svg);

  it("is well formed, contains no NaN, and needs nothing from outside", () => {
    expect(elements[0]?.attributes.get("xmlns")).toBe("http://www.w3.org/2000/svg");
    expect(svg).not.toMatch(/NaN|Infinity|undefined|var\(|<script|href|@import|url\((?!#)/);
    const ids = elements.flatMap(({ attributes }) => attributes.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id = ""] of svg.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id);
  });

  it("has a title and a description", () => {
    const image = elements.find(({ attributes }) => attributes.get("role") === "img");
    const named = image?.attributes.get("aria-labelledby")?.split(" ");
    expect(named).toHaveLength(2);
    for (const id of named ?? []) expect(svg).toMatch(new RegExp(`<(title|desc) id="${id}">[^<]{20}`));
  });

  it("has no text below 12 px, and shows it at its own size", () => {
    for (const [, size] of svg.matchAll(/font(?:-size)?:[^;}]*?(\d+)px/g))
      expect(Number(size)).toBeGreaterThanOrEqual(12);
    // Only drawings without text are stretched.
    for (const [, stretched = ""] of svg.matchAll(/preserveAspectRatio="none">(.*?)<\/svg>/g)) {
      expect(stretched).not.toContain("<text");
    }
    expect(elements[0]?.attributes.has("viewBox")).toBe(false);
  });
});

describe("a forecast chart", () => {
  const surface = { room: "any", colour: ofPage, id: "fan" } as const;
  const { markup } = forecastChart(warmer, full, surface);
  const classes = (markup: string) => elementsOf(markup).map(({ attributes }) => attributes.get("class"));

  it("tells every figure in its description", () => {
    const described = /<desc[^>]*>([^<]*)/.exec(markup)?.[1];
    expect(described).toMatch(
      /Mon 23 Nov: high 18\.9 \(11\.9 to 26\.7\) °C, low 9\.7 .* 40 %, 2\.1 \(9\.9\) mm/,
    );
    expect(described?.match(/: high /g)).toHaveLength(10);
    expect(described).toContain("On Sun 22 Nov, 12.0 and 3.0 °C were observed.");
    expect(described).toContain("3 of 10 days are known better than that.");
  });

  it("uses the colours of its page, and no style that a CSP forbids", () => {
    expect(markup).toContain('stop-color="var(--warm-out)"');
    expect(markup).not.toMatch(/ style=|#[0-9a-f]{6}"/);
  });

  it("shows where the knowledge ends", () => {
    expect(markup).toMatch(/class="known" x1="9.09%" x2="36.36%"/);
    expect(markup).toMatch(/class="unknown" x1="36.36%" x2="100%"/);
    expect(classes(forecastChart(warmer, { units: "metric" }, surface).markup)).not.toContain("unknown");
  });

  it("has a column for the day before also if nothing was observed, as the chart of a risk has", () => {
    const unobserved = forecastChart(warmer, { units: "metric", climate: ensemble(10) }, surface).markup;
    const names = (markup: string) => markup.match(/<text class="strong mid" x="[\d.]+%"/g);
    expect(names(unobserved)).toEqual(names(markup));
    expect(unobserved).toContain(">22 Nov<");
    expect(unobserved).toMatch(/class="unknown"|class="known" x1="9.09%"/);
    expect(unobserved).not.toContain("observed");
  });

  it("has a band of 25–75 % only if the forecast has it", () => {
    expect(classes(markup)).not.toContain("warm-line quarter line");
    const quartered = ensemble(3);
    for (const { high } of quartered.days) Object.assign(high, { p25: high.p50 - 2, p75: high.p50 + 2 });
    expect(classes(forecastChart(quartered, { units: "metric" }, surface).markup)).toContain(
      "warm-line quarter line",
    );
  });

  it("puts every second figure lower if two do not fit side by side", () => {
    const cold = ensemble(10);
    for (const { high } of cold.days) for (const p of ["p10", "p50", "p90"] as const) high[p] -= 30;
    const rows = (forecast: typeof cold, room: "narrow" | "middle") => {
      const { markup } = forecastChart(forecast, { units: "metric" }, { room, colour: ofPage, id: "fan" });
      const figures = elementsOf(markup).filter(
        ({ attributes }) => attributes.get("class") === "figure mid warm",
      );
      return new Set(figures.map(({ attributes }) => attributes.get("y"))).size;
    };
    expect([rows(cold, "narrow"), rows(cold, "middle"), rows(ensemble(8), "narrow")]).toEqual([2, 1, 1]);
  });

  it("escapes text from others", () => {
    const evil = ensemble(2);
    evil.station.name = '</title><script>alert("\u001b")</script>&';
    Object.assign(evil, { state: '"><b>' });
    const svg = forecastPicture(evil, { units: "metric" });
    expect(elementsOf(svg).map(({ name }) => name)).not.toContain("script");
    expect(svg).toContain("&lt;/title&gt;&lt;script&gt;alert(&quot;\ufffd&quot;)&lt;/script&gt;&amp;");
  });

  it("is the same each time", () => {
    expect(forecastChart(warmer, full, surface).markup).toBe(markup);
  });

  it("refuses an invalid width", () => {
    for (const width of [0, 319, 2001, NaN]) {
      expect(() => forecastPicture(dressed, { units: "metric", width })).toThrow(
        "expected a width from 320 to 2000 px",
      );
    }
  });
});

it("the climate's line does not cross out a chance of rain", () => {
  const surface = { room: "wide", colour: ofTheme("light"), id: "fan" } as const;
  const { markup } = forecastChart(warmer, full, surface);
  const classes = elementsOf(markup).map(({ attributes }) => attributes.get("class") ?? "");
  const figures = classes.indexOf("figure mid rain over");
  expect(figures).toBeGreaterThan(classes.findLastIndex((name) => name.includes("usual-edge")));
});

describe("a risk chart", () => {
  it("fills three of ten dots for 30 %, and names every chance", () => {
    const surface = { room: "middle", colour: ofTheme("light"), id: "risk" } as const;
    const { markup } = riskChart(frost, { units: "us", climate: frost }, surface);
    const dots = elementsOf(markup).filter(({ name }) => name === "circle");
    expect(dots.map(({ attributes }) => (attributes.get("class") === "dot on cold" ? 1 : 0)).join("")).toBe(
      "11111000001111110000",
    );
    expect(markup).toMatch(/<title[^>]*>How likely is low &lt; 32 °F at Columbus/);
    expect(markup).toMatch(/On any of the days 83 %\. Mon 23 Nov 52 %, Tue 24 Nov 60 %\./);
  });

  it("counts nights for lows, and one night as one", () => {
    const surface = { room: "wide", colour: ofTheme("light"), id: "risk" } as const;
    const single = { ...frost, days: frost.days.slice(0, 1) };
    expect(riskChart(frost, { units: "us" }, surface).markup).toContain(">2 nights<");
    expect(riskChart(single, { units: "us" }, surface).markup).toContain(">1 night<");
  });
});

describe("a spark line", () => {
  it("starts at 0, ends in a dot, and has a gap for an unknown value", () => {
    const markup = spark([0, 2, undefined, 4, 4], "answered per second: 4", 104, 24);
    elementsOf(markup);
    expect(markup).toContain("<title>answered per second: 4</title>");
    expect(markup).toContain('d="M0 22.5L25 12.75M75 3L100 3"');
    expect(markup).toContain('class="last" d="M100 3h.01"');
    for (const values of [[], [undefined], [0, 0], [7]])
      expect(spark(values, "none")).not.toMatch(/NaN|Infinity/);
  });
});

describe("a curve", () => {
  it("invents no peak between two points", () => {
    const path = curve([
      { x: 0, y: 0 },
      { x: 1, y: 10 },
      { x: 2, y: 10 },
      { x: 3, y: 0 },
    ]);
    const heights = path
      .split(/[C ]/)
      .filter(Boolean)
      .map(Number)
      .filter((_, at) => at % 2 === 1);
    expect(Math.max(...heights)).toBe(10);
    expect(Math.min(...heights)).toBe(0);
  });
});

describe("knowledge", () => {
  it("is the distance from climatology in widths of its range, of highs or lows", () => {
    const [day, usual] = [ensemble(1).days[0], ensemble(1).days[0]];
    if (!day || !usual) throw new Error("no day");
    expect(knowledge(day, usual)).toBe(0);
    for (const p of ["p10", "p50", "p90"] as const) day.low[p] += 6.3;
    expect(knowledge(day, usual)).toBeCloseTo(0.5);
  });

  it("ends at the first day that the forecast hardly knows better than the climate", () => {
    expect([knownDays([1, 0.5, 0.04, 0.2]), knownDays([0.2]), knownDays([0])]).toEqual([2, 1, 0]);
  });
});

describe("the colours", () => {
  it.each(["ink", "ink-2", "warm", "cold", "rain"] as const)(
    "of text (%s) have a contrast of 4.5 in both themes",
    (token) => {
      for (const theme of [0, 1]) {
        expect(contrast(tokens[token][theme] ?? "", tokens.paper[theme] ?? "")).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  it.each([
    ["edge", "paper"],
    ["usual-edge", "paper"],
    ["usual-edge", "usual"],
    ["warm", "warm-in"],
    ["cold", "cold-in"],
  ] as const)("of marks (%s on %s) have a contrast of 3 in both themes", (mark, ground) => {
    for (const theme of [0, 1]) {
      expect(contrast(tokens[mark][theme] ?? "", tokens[ground][theme] ?? "")).toBeGreaterThanOrEqual(3);
    }
  });

  it("of one theme are written out in its pictures", () => {
    for (const token of ["ink", "rain", "warm"] as const) {
      expect(chartStyle(ofTheme("dark"))).toContain(tokens[token][1]);
      expect(chartStyle(ofTheme("dark"))).not.toContain(tokens[token][0]);
    }
  });
});
