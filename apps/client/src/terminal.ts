import type { WriteStream } from "node:tty";
import { stateNames, usStates } from "@weather/contracts";
import { Clusters } from "@weather/process/clusters";
import { connectTo, nameOf } from "@weather/process/connect";
import type { Log } from "@weather/queue-binding";
import { clean, jsonLine, type Screen } from "@weather/rendering";

type Stream = Pick<WriteStream, "write" | "isTTY"> & Partial<Pick<WriteStream, "columns">>;

interface TerminalOptions {
  /** Name of this command in help and advice, such as `npx weather`. */
  command: string;
  /** Broker URL, or several separated by commas. */
  url: string;
  /** File that holds the password of the broker URL's user. */
  passwordFile: string | undefined;
  /** File that says which cluster serves which state. */
  routesFile: string | undefined;
  /** URL of RabbitMQ's management API, with a user who may read. */
  managementUrl: string | undefined;
  /** Only answers go here. */
  stdout: Stream;
  /** Progress, warnings and errors go here. */
  stderr: Stream;
  /** Whether stdout is a terminal that shows colours. */
  colour: boolean;
  /** Width of tables if stdout is not a terminal, in columns. @default no limit */
  columns: number | undefined;
  /** Runs work that a signal aborts. */
  interruptible: <Result>(work: (stop: AbortSignal) => Promise<Result>) => Promise<Result>;
}

/** The terminal of the command. All output goes through `show`, `json` and `say`, and contains no unsafe characters. */
export class Terminal {
  readonly options: TerminalOptions;
  constructor(options: TerminalOptions) {
    this.options = options;
  }

  /** The screen for tables. It changes with the size of the window. */
  get screen(): Screen {
    const { stdout, colour, columns = Infinity } = this.options;
    // A terminal of unknown size has 0 columns.
    return { colour, width: stdout.isTTY ? stdout.columns || 80 : columns };
  }

  /** Prints an answer. `@weather/rendering` has removed unsafe characters from it. */
  show(rendered: string): void {
    this.options.stdout.write(`${rendered}\n`);
  }

  /** Prints an answer for programs, on one line. */
  json(value: unknown): void {
    this.options.stdout.write(`${jsonLine(value)}\n`);
  }

  /** Prints a message for the person at the terminal. */
  say(text: string): void {
    this.options.stderr.write(`weather: ${clean(text)}\n`);
  }
}

/**
 * The clusters that the terminal's settings name. Events of their connections are printed on stderr.
 *
 * @param signal cancels first connections
 * @throws {BadSettings} if the routes are wrong
 */
export function clustersOf(terminal: Terminal, signal?: AbortSignal): Clusters {
  const { url, passwordFile, routesFile } = terminal.options;
  const say = (details: object, message: string) => {
    const reason = "reason" in details ? ` (${String(details.reason)})` : "";
    terminal.say(`${message}${reason}`);
  };
  const ignore = () => {};
  const log: Log = { debug: ignore, info: ignore, warn: say, error: say };
  const options = { name: nameOf("weather"), log, maxInFlight: Infinity };
  return new Clusters({
    settings: { AMQP_URL: url, AMQP_PASSWORD_FILE: passwordFile, AMQP_ROUTES: routesFile },
    states: stateNames,
    routable: usStates.map(({ key }) => key),
    log,
    connect: (cluster, left) =>
      connectTo(cluster, { ...options, signal: signal ? AbortSignal.any([signal, left]) : left }),
  });
}
