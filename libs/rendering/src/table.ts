import { clean } from "./clean.ts";
import { painter, type Paint, type Style } from "./paint.ts";
import { cut, widthOf, wrap } from "./width.ts";

export interface Column<Row> {
  readonly name: string;
  /** Text of a cell. The table removes unsafe characters. */
  readonly text: (row: Row) => string;
  /** @default "left" */
  readonly align?: "left" | "right";
  /** Least width that it may shrink to, in columns of the terminal. @default that of its longest text */
  readonly least?: number;
  /** What happens to a text that is too long for the column. @default "cut" */
  readonly long?: "cut" | "wrap";
  readonly style?: Style | ((row: Row) => Style);
}

type Look<Row> = Omit<Column<Row>, "name" | "text">;

/** Makes columns for one kind of rows: text on the left, figures on the right. */
export const columnsFor = <Row>() => ({
  text: (name: string, text: (row: Row) => string, look: Look<Row> = {}): Column<Row> => ({
    ...{ name, text },
    ...look,
  }),
  figure: (name: string, text: (row: Row) => string, look: Look<Row> = {}): Column<Row> => ({
    ...{ name, text, align: "right" },
    ...look,
  }),
});

/** One way to show rows. */
export interface Layout<Row> {
  readonly columns: readonly Column<Row>[];
  /** Lines below each row, indented. */
  readonly below?: (row: Row) => readonly string[];
}

/** Where a text is shown. */
export interface Screen {
  /** Width in columns of the terminal. Infinity if it has no limit. */
  readonly width: number;
  readonly colour: boolean;
}

/** Width of the space between two columns of a table, in columns of the terminal. */
const gap = 2;

/**
 * A table without lines: a bold head, columns two spaces apart, no line wider than the screen.
 *
 * @param layouts from the widest to the narrowest. The first one that fits is used. If none fits, each row becomes a list of the
 *   names and texts of the first layout
 */
export function table<Row>(
  rows: readonly Row[],
  layouts: readonly [Layout<Row>, ...Layout<Row>[]],
  { width, colour }: Screen,
): string {
  const paint = painter(colour);
  for (const { columns, below } of layouts) {
    const texts = rows.map((row) => columns.map(({ text }) => textOf(text(row))));
    const widths = fit(columns, texts, width);
    if (!widths) continue;
    const head = columns.map(({ name, align }, at): Cell => {
      return { text: name, width: widths[at] ?? 0, align, style: "bold" };
    });
    const body = rows.flatMap((row, index) => [
      ...linesOf(columns, widths, row, texts[index] ?? []).map((line) => lineOf(line, paint)),
      ...(below?.(row) ?? [])
        .map((line) => cut(textOf(line), width - 2))
        .filter((line) => line !== "")
        .map((line) => `  ${paint("dim", line)}`),
    ]);
    return [lineOf(head, paint), ...body].join("\n");
  }
  return records(rows, layouts[0].columns, width, paint);
}

/** A text for a table: without unsafe characters, every white space a plain space, none at the end. */
const textOf = (text: string) => clean(text).replaceAll(/\s/g, " ").trimEnd();

/** The width of each column. Nothing if they do not fit. */
function fit<Row>(
  columns: readonly Column<Row>[],
  texts: readonly (readonly string[])[],
  width: number,
): number[] | undefined {
  const widths = columns.map(({ name }, at) =>
    Math.max(widthOf(name), ...texts.map((row) => widthOf(row[at] ?? ""))),
  );
  const least = columns.map(({ name, least = Infinity }, at) =>
    Math.min(widths[at] ?? 0, Math.max(least, widthOf(name))),
  );
  for (let excess = sum(widths) + gap * (columns.length - 1) - width; excess > 0; excess -= 1) {
    // The widest column that may shrink becomes narrower.
    const room = widths.map((wide, at) => (wide > (least[at] ?? 0) ? wide : -1));
    const widest = room.indexOf(Math.max(...room));
    if (room[widest] === -1) return undefined;
    widths[widest]! -= 1;
  }
  return widths;
}

/** A text in its column. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly align: "left" | "right" | undefined;
  readonly style: Style;
}

/** A row as one line, or as several if a text is wrapped. */
function linesOf<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  row: Row,
  texts: readonly string[],
): Cell[][] {
  const cells = columns.map(({ long, align, style = "plain" }, at) => {
    const [text = "", width = 0] = [texts[at], widths[at]];
    const parts = long === "wrap" ? wrap(text, width) : [cut(text, width)];
    return { parts, width, align, style: typeof style === "function" ? style(row) : style };
  });
  const height = Math.max(...cells.map(({ parts }) => parts.length));
  return Array.from({ length: height }, (_, line) =>
    cells.map(({ parts, ...cell }) => ({ ...cell, text: parts[line] ?? "" })),
  );
}

function lineOf(cells: readonly Cell[], paint: Paint): string {
  let line = "";
  // Spaces are written only when something follows them.
  let space = 0;
  for (const { text, width, align, style } of cells) {
    const rest = width - widthOf(text);
    if (align === "right") space += rest;
    if (text !== "") {
      line += " ".repeat(space) + paint(style, text);
      space = 0;
    }
    if (align !== "right") space += rest;
    space += gap;
  }
  return line;
}

/** Each row as a list of names and texts. */
function records<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
  paint: Paint,
): string {
  const indent = Math.max(...columns.map(({ name }) => widthOf(name))) + gap;
  const lines = rows.map((row) =>
    columns.flatMap(({ name, text }) => {
      const value = textOf(text(row));
      if (value === "") return [];
      return wrap(value, Math.max(1, width - indent)).map((line, at) => {
        const label = at === 0 ? name : "";
        return `${paint("bold", label)}${" ".repeat(indent - widthOf(label))}${line}`;
      });
    }),
  );
  return lines.map((record) => record.join("\n")).join("\n\n");
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
