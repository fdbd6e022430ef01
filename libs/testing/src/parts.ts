import { spawnSync } from "node:child_process";
import { findRabbitMqServer } from "@weather/local-broker";

const works = (command: string, ...words: string[]) => spawnSync(command, words).status === 0;
const compose = () => works("docker", "info") && works("docker", "compose", "version");
const swarmState = ["info", "--format", "{{.Swarm.LocalNodeState}}"];

/** A part of the tests that some machines cannot run. */
interface Part {
  what: string;
  needs: string;
  canRun: () => boolean;
}

/** All such parts. Their tests ask {@link canRun}. `npm test` says at its start which parts it will skip. */
export const parts = {
  compose: {
    what: "Docker Compose: one broker node, three nodes, npm start on Docker",
    needs: "a Docker Engine with Compose",
    canRun: compose,
  },
  swarm: {
    what: "docker stack deploy",
    needs: "a Docker Engine with Compose that is in no swarm",
    canRun: () =>
      compose() && spawnSync("docker", swarmState, { encoding: "utf8" }).stdout.trim() === "inactive",
  },
  bareMachine: {
    what: "npm start where there is no broker",
    needs: "root, unshare and ip, for a network of its own, and rabbitmq-server",
    canRun: () =>
      works("unshare", "--net", "sh", "-c", "ip link set lo up") && findRabbitMqServer() !== undefined,
  },
  pika: {
    what: "a client in Python",
    needs: "Debian's python3-pika, or root to install it",
    canRun: () => works("/usr/bin/python3", "-c", "import pika") || process.getuid?.() === 0,
  },
  jq: { what: "`| jq` in the examples", needs: "jq", canRun: () => works("jq", "--version") },
} satisfies Record<string, Part>;

/** Whether a part of the tests can run here. Says so if not. */
export function canRun(part: keyof typeof parts): boolean {
  const { what, needs, canRun } = parts[part];
  const can = canRun();
  if (!can) console.warn(`SKIPPED: ${what} (needs ${needs})`);
  return can;
}
