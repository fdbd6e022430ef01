import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table, type Column, type Layout } from "./table.ts";
import { widthOf } from "./width.ts";

interface Row {
  state: string;
  waiting: string;
  summary: string;
}
const rows: Row[] = [
  { state: "ohio", waiting: "3", summary: "Slight chance of rain or snow, frost at night" },
  { state: "virginia", waiting: "12", summary: "Mostly dry" },
];
const state: Column<Row> = { name: "State", text: ({ state }) => state, style: "red" };
const waiting: Column<Row> = { name: "Waiting", align: "right", text: ({ waiting }) => waiting };
const summary: Column<Row> = { name: "Summary", text: ({ summary }) => summary };
const plain = (width: number) => ({ width, colour: false });

describe("a table", () => {
  it("aligns its columns and leaves no space at the ends of its lines", () => {
    expect(table(rows, [{ columns: [state, waiting] }], plain(Infinity))).toBe(
      ["State     Waiting", "ohio            3", "virginia       12"].join("\n"),
    );
  });

  it("takes the first layout that fits", () => {
    const layouts: [Layout<Row>, Layout<Row>] = [
      { columns: [state, waiting, summary] },
      { columns: [state, waiting] },
    ];
    expect(table(rows, layouts, plain(64))).toContain("Summary");
    expect(table(rows, layouts, plain(63))).not.toContain("Summary");
  });

  it("cuts the widest of the columns that may shrink", () => {
    expect(table(rows, [{ columns: [state, { ...summary, least: 10 }] }], plain(30))).toBe(
      ["State     Summary", "ohio      Slight chance of ra…", "virginia  Mostly dry"].join("\n"),
    );
  });

  it("breaks between words if a column says so", () => {
    expect(
      table(rows, [{ columns: [state, { ...summary, least: 10, long: "wrap" }, waiting] }], plain(40)),
    ).toBe(
      [
        "State     Summary                Waiting",
        "ohio      Slight chance of rain        3",
        "          or snow, frost at",
        "          night",
        "virginia  Mostly dry                  12",
      ].join("\n"),
    );
  });

  it("puts lines below its rows if a layout says so", () => {
    expect(table(rows.slice(1), [{ columns: [state], below: ({ summary }) => [summary] }], plain(10))).toBe(
      ["State", "virginia", "  Mostly…"].join("\n"),
    );
  });

  it("is a list of names and texts if no layout fits", () => {
    expect(table(rows.slice(1), [{ columns: [state, waiting, summary] }], plain(16))).toBe(
      ["State    virgini", "         a", "Waiting  12", "Summary  Mostly", "         dry"].join("\n"),
    );
  });

  it("counts wide characters as two columns, and no escape sequence of a text reaches the screen", () => {
    const strange = [{ state: "東京", waiting: "\u001b[31m1", summary: "" }];
    expect(table(strange, [{ columns: [state, waiting] }], plain(80)).split("\n")[1]).toBe(
      "東京    \ufffd[31m1",
    );
  });

  it("colours texts, never the space between them", () => {
    const line = table(rows, [{ columns: [state, waiting] }], { width: 80, colour: true }).split("\n")[1];
    expect(line).toBe("\u001b[31mohio\u001b[39m            3");
  });

  it("is never wider than the screen, for any rows", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 });
    const layouts: [Layout<Row>, Layout<Row>] = [
      { columns: [state, { ...summary, least: 12, long: "wrap" }, { ...waiting, least: 4 }] },
      {
        columns: [
          { ...state, least: 5 },
          { ...waiting, least: 4 },
        ],
        below: ({ summary }) => [summary],
      },
    ];
    fc.assert(
      fc.property(
        fc.array(fc.record({ state: text, waiting: text, summary: text }), { maxLength: 5 }),
        fc.integer({ min: 12, max: 160 }),
        (rows, width) => {
          for (const line of table(rows, layouts, plain(width)).split("\n")) {
            expect(widthOf(line)).toBeLessThanOrEqual(width);
            expect(line).toBe(line.trimEnd());
          }
        },
      ),
    );
  });
});
