import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Nx sets FORCE_COLOR, and Node.js would print that NO_COLOR has no effect then. */
const { FORCE_COLOR: _, ...inherited } = process.env;

/** The `weather` command in a pseudo-terminal (script(1)), so that its output is that of a terminal. */
export class CommandInTerminal {
  /** Everything that was written to the screen, with escape sequences. */
  shown = "";
  readonly #child;

  constructor(words: string[], columns: number, environment: Record<string, string | undefined>) {
    const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
    const command = `stty cols ${columns} rows 24; exec node apps/client/dist/main.js ${quoted}`;
    this.#child = spawn("script", ["-qec", command, "/dev/null"], {
      cwd: root,
      env: { ...inherited, NO_COLOR: "1", ...environment },
    });
    this.#child.stdout.on("data", (chunk) => (this.shown += String(chunk)));
  }

  get lines(): string[] {
    return this.shown.split(/\r?\n/);
  }

  /** Types on the keyboard: "\u0003" is Ctrl-C. */
  type(text: string): void {
    this.#child.stdin.write(text);
  }

  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "close");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
