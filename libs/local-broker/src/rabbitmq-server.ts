import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

// Debian's wrapper on the PATH switches to the user rabbitmq, who may not write to our folder. This program does not.
const debian = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** Path of the rabbitmq-server program. Nothing if there is none. */
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
 * Installs Debian's rabbitmq-server without starting its service.
 *
 * @throws if apt-get fails, with the end of its output
 */
export function installRabbitMqServer(): string {
  // A policy script that exits with 101 (forbidden) keeps Debian from starting the service.
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
