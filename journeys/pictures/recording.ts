import { setTimeout as pause } from "node:timers/promises";
import headless from "@xterm/headless";
import { CommandInTerminal } from "../terminal.ts";

/** Text of one look. */
export interface Run {
  readonly column: number;
  readonly text: string;
  readonly look: string;
}

/** The content of a terminal from an instant on. */
export interface Frame {
  /** Since the start, in ms. */
  readonly at: number;
  readonly rows: readonly (readonly Run[])[];
}

/** Looks of the `weather` command: attributes and colours of the terminal. */
const colours: Readonly<Record<number, string>> = { 1: "red", 4: "blue", 6: "cyan" };

/** Commands as they run in a terminal, as frames of text. */
export class Recording {
  readonly frames: Frame[] = [];
  readonly columns: number;
  readonly rows: number;
  readonly #screen;
  readonly #environment: Record<string, string | undefined>;
  readonly #from = performance.now();

  constructor(columns: number, rows: number, environment: Record<string, string>) {
    this.columns = columns;
    this.rows = rows;
    this.#environment = { ...environment, TERM: "xterm-256color", NO_COLOR: undefined };
    this.#screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  /** Runs `weather` with these words to its end, or interrupts it after a time in ms. */
  async run(words: string[], interruptAfter?: number): Promise<void> {
    await this.#write("\u001b[1m$\u001b[0m ");
    await pause(500);
    await this.#write(`weather ${words.join(" ")}`);
    await pause(700);
    await this.#write("\r\n");
    const command = new CommandInTerminal(words, this.columns, this.#environment);
    const interrupted =
      interruptAfter !== undefined && pause(interruptAfter).then(() => command.type("\u0003"));
    let seen = 0;
    const show = async () => {
      const text = command.shown.slice(seen);
      seen += text.length;
      // The terminal echoes ^C, which is not output of the command.
      if (text !== "") await this.#write(text.replace("^C", ""));
    };
    let running = true;
    const ended = command.ended().then(() => (running = false));
    while (running) {
      await Promise.race([pause(100), ended]);
      await show();
    }
    await interrupted;
  }

  async #write(text: string): Promise<void> {
    await new Promise<void>((written) => this.#screen.write(text, written));
    const buffer = this.#screen.buffer.active;
    const rows = Array.from({ length: this.rows }, (_, row) => this.#runsOf(buffer.viewportY + row));
    this.frames.push({ at: performance.now() - this.#from, rows });
  }

  #runsOf(row: number): Run[] {
    const line = this.#screen.buffer.active.getLine(row);
    const runs: { column: number; text: string; look: string }[] = [];
    for (let column = 0; line && column < this.columns; column += 1) {
      const cell = line.getCell(column);
      if (!cell || cell.getWidth() === 0) continue;
      const look = [
        cell.isBold() && "bold",
        cell.isDim() && "dim",
        cell.isFgPalette() && colours[cell.getFgColor()],
      ]
        .filter(Boolean)
        .join(" ");
      const text = cell.getChars() || " ";
      const last = runs.at(-1);
      if (last?.look === look) last.text += text;
      else runs.push({ column, text, look });
    }
    return runs
      .map((run, at) => (at === runs.length - 1 ? { ...run, text: run.text.trimEnd() } : run))
      .filter(({ text }) => text.trim() !== "");
  }
}
