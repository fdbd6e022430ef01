import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

// Debian's wrapper on the PATH drops to the user rabbitmq, who cannot write to a folder of ours: this one does not.
const debian = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** The rabbitmq-server program of this machine; nothing if there is none. */
export function findRabbitMqServer(): string | undefined {
  const path = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "rabbitmq-server"));
  return [debian, ...path].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether {@link installRabbitMqServer} can work here: Debian or a child of it, as root. */
export function canInstallRabbitMqServer(): boolean {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

/**
 * Installs Debian's rabbitmq-server, and leaves no service of it running.
 *
 * @throws if apt-get fails, with the end of what it said
 */
export function installRabbitMqServer(): string {
  // Debian's way to say "start no service": a policy that answers 101 (forbidden) while the package is set up.
  const policy = "/usr/sbin/policy-rc.d";
  const before = existsSync(policy) ? readFileSync(policy) : undefined;
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    apt("update", "-q");
    apt("install", "-y", "-q", "--no-install-recommends", "rabbitmq-server");
  } finally {
    if (before) writeFileSync(policy, before, { mode: 0o755 });
    else rmSync(policy);
  }
  const server = findRabbitMqServer();
  if (!server) throw new Error("Debian's rabbitmq-server was installed, but its program is not there");
  return server;
}

function apt(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync("apt-get", args, {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (status === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-5).join("\n");
  throw new Error(`apt-get ${args.join(" ")} failed:\n${said}`);
}
