import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ended, ownProcess } from "./own-process.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

interface AppOptions {
  arguments?: string[];
  /** Environment variables. The process inherits only PATH and HOME. */
  environment?: Record<string, string>;
}

/** A process that runs an app or another program of this workspace. */
export class AppProcess {
  /** The file that starts an app, in its folder. The journeys set it to the bundle, which starts with a fifth of the CPU time. */
  static main = "src/main.ts";
  /** Lines of its standard output and standard error so far. */
  readonly output: string[] = [];
  readonly errors: string[] = [];
  readonly #child: ChildProcess;
  readonly #listeners = new Set<(line: string) => void>();

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#collect(child.stdout, this.output);
    this.#collect(child.stderr, this.errors);
  }

  /** Starts an app. @param app folder of the app in apps/ */
  static start(app: string, options?: AppOptions): AppProcess {
    return AppProcess.run(`apps/${app}/${AppProcess.main}`, options);
  }

  /** Starts a program. @param program path of a TypeScript or JavaScript file, from the root of the workspace */
  static run(program: string, { arguments: words = [], environment = {} }: AppOptions = {}): AppProcess {
    const { PATH, HOME } = process.env;
    const loader = program.endsWith(".ts") ? ["--import", "tsx"] : [];
    const child = ownProcess(process.execPath, [...loader, program, ...words], {
      cwd: root,
      env: { PATH, HOME, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new AppProcess(child);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Calls the listener with every further line of standard output and standard error. */
  onLine(listener: (line: string) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Waits for a line of standard output that contains the text.
   *
   * @throws if the process ends, or `timeout` milliseconds pass, before that line; with the process's output
   */
  async says(text: string, timeout = 20_000): Promise<string> {
    const found = () => this.output.find((line) => line.includes(text));
    const began = performance.now();
    for (let line = found(); ; line = found()) {
      if (line !== undefined) return line;
      if (!this.running || performance.now() - began > timeout) {
        throw new Error(
          `the process ${this.running ? "did not say" : "ended without"} "${text}":\n` +
            [...this.output, ...this.errors].join("\n"),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves once it has ended and its output was read. @returns its exit code, or the signal that ended it */
  async ended(): Promise<number | NodeJS.Signals> {
    const end = await ended(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream && !stream.closed) await once(stream, "close");
    }
    return end;
  }

  /** Sends it a stop signal, and waits for its end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> {
    this.signal(signal);
    return this.ended();
  }

  #collect(stream: NodeJS.ReadableStream | null, lines: string[]): void {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const listener of this.#listeners) listener(line);
    });
  }
}
