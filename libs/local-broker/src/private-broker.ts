import { execFile, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import getPort from "get-port";
import { ended, ownProcess } from "./own-process.ts";

interface PrivateBrokerOptions {
  /** The rabbitmq-server program. */
  server: string;
  /** Port for AMQP, if it is free. @default any free port */
  port?: number;
  /** Enables the management plugin, which creates virtual hosts and inspects the broker. The start takes a second longer. */
  management?: boolean;
  /** Speaks TLS on {@link PrivateBroker.tlsPort}; certificates in PEM. */
  tls?: {
    /** CA of the clients. */
    ca: string;
    cert: string;
    key: string;
    /** Whether a client needs a certificate. */
    mutual: boolean;
  };
}

/** A private RabbitMQ node with its own name, ports, cookie and data folder. {@link stop} removes them. */
export class PrivateBroker {
  /** `amqp://guest:guest@127.0.0.1:port` */
  readonly url: string;
  /** URL of the management API; only with `management`. */
  readonly managementUrl: string;
  readonly port: number;
  /** Port for AMQPS; only with `tls`. */
  readonly tlsPort: number;
  readonly #server: string;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #node: ChildProcess | undefined;
  #epmd: ChildProcess | undefined;

  private constructor(server: string, folder: string, ports: number[], environment: NodeJS.ProcessEnv) {
    const [port, management, , , tls] = ports as [number, number, number, number, number];
    this.#server = server;
    this.#folder = folder;
    this.#environment = environment;
    this.port = port;
    this.tlsPort = tls;
    this.url = `amqp://guest:guest@127.0.0.1:${port}`;
    this.managementUrl = `http://127.0.0.1:${management}`;
  }

  /** @throws if the node does not start, with the end of its log */
  static async start({
    server,
    port,
    management = false,
    tls,
  }: PrivateBrokerOptions): Promise<PrivateBroker> {
    const folder = mkdtempSync(join(tmpdir(), "weather-rabbitmq-"));
    const ports = [
      await getPort(port === undefined ? {} : { port }),
      await getPort(),
      await getPort(),
      await getPort(),
      await getPort(),
    ] as const;
    const [amqp, http, distribution, epmd, amqps] = ports;
    mkdirSync(join(folder, "home"));
    writeFileSync(
      join(folder, "rabbitmq.conf"),
      [
        `listeners.tcp.local = 127.0.0.1:${amqp}`,
        ...(management ? [`management.tcp.ip = 127.0.0.1`, `management.tcp.port = ${http}`] : []),
        ...(tls ? tlsSettings(folder, amqps, tls) : []),
        "log.console = true",
        "log.file = false",
        "disk_free_limit.absolute = 50MB",
        "",
      ].join("\n"),
    );
    writeFileSync(join(folder, "enabled_plugins"), management ? "[rabbitmq_management].\n" : "[].\n");
    writeFileSync(join(folder, "env.conf"), "");
    writeFileSync(join(folder, "home/.erlang.cookie"), randomBytes(16).toString("hex"), { mode: 0o400 });
    const broker = new PrivateBroker(server, folder, [...ports], {
      PATH: process.env["PATH"],
      LANG: "C.UTF-8",
      HOME: join(folder, "home"),
      RABBITMQ_NODENAME: `weather-${amqp}@localhost`,
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_CONF_ENV_FILE: join(folder, "env.conf"),
      RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "advanced.config"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
      RABBITMQ_MNESIA_BASE: join(folder, "data"),
      RABBITMQ_LOG_BASE: join(folder, "log"),
      RABBITMQ_PID_FILE: join(folder, "pid"),
      ERL_EPMD_PORT: String(epmd),
      ERL_EPMD_ADDRESS: "127.0.0.1",
    });
    try {
      await broker.start();
    } catch (error) {
      await broker.stop();
      throw error;
    }
    return broker;
  }

  /** Starts the node again after {@link halt} or {@link kill}, with its data. */
  async start(): Promise<void> {
    // Otherwise the node starts Erlang's port mapper, which then outlives it.
    this.#epmd ??= ownProcess("epmd", [], { env: this.#environment, stdio: "ignore" });
    this.#epmd.on("error", () => {}); // if it is not on the PATH, the node starts its own
    const log = openSync(join(this.#folder, "node.log"), "a");
    const node = ownProcess(this.#server, [], { env: this.#environment, stdio: ["ignore", log, log] });
    closeSync(log);
    this.#node = node;
    const began = performance.now();
    while (!(await answers(this.port))) {
      if (node.exitCode !== null || performance.now() - began > 60_000) {
        const end = readFileSync(join(this.#folder, "node.log"), "utf8").trim().split("\n").slice(-8);
        throw new Error(`the private RabbitMQ node did not start:\n${end.join("\n")}`);
      }
      await pause(50);
    }
  }

  /** Stops the node as an operator would; its data stays for {@link start}. */
  async halt(): Promise<void> {
    if (!this.#node) return;
    process.kill(this.pid, "SIGTERM");
    await ended(this.#node);
    this.#node = undefined;
  }

  /** Ends the node as a power cut would; its data stays for {@link start}. */
  async kill(): Promise<void> {
    if (!this.#node) return;
    try {
      // The session that it leads: the start script and the Erlang VM.
      process.kill(-(this.#node.pid as number), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await ended(this.#node);
    this.#node = undefined;
  }

  /** Freezes the node with SIGSTOP, until {@link resume}. */
  pause(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  resume(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** Runs `rabbitmqctl` for this node. @returns its output @throws if it fails, with what it said */
  async ctl(...words: string[]): Promise<string> {
    const ctl = join(dirname(this.#server), "rabbitmqctl");
    const { stdout } = await promisify(execFile)(ctl, ["-q", ...words], { env: this.#environment });
    return stdout;
  }

  /** Ends the node and removes its files. */
  async stop(): Promise<void> {
    await this.kill();
    if (this.#epmd?.kill("SIGKILL")) await ended(this.#epmd);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Process id of the Erlang VM. */
  get pid(): number {
    return Number(readFileSync(join(this.#folder, "pid"), "utf8"));
  }
}

function tlsSettings(folder: string, port: number, tls: NonNullable<PrivateBrokerOptions["tls"]>): string[] {
  const file = (name: "ca" | "cert" | "key") => {
    const path = join(folder, `${name}.pem`);
    writeFileSync(path, tls[name]);
    return path;
  };
  return [
    `listeners.ssl.local = 127.0.0.1:${port}`,
    `ssl_options.cacertfile = ${file("ca")}`,
    `ssl_options.certfile = ${file("cert")}`,
    `ssl_options.keyfile = ${file("key")}`,
    "ssl_options.verify = verify_peer",
    `ssl_options.fail_if_no_peer_cert = ${tls.mutual}`,
  ];
}

/** Whether a broker answers AMQP's protocol header on this port with connection.start. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("AMQP\x00\x00\x09\x01"));
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", () => end(true));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });
}
