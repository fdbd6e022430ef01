import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const has = (...words: string[]) => spawnSync("docker", words).status === 0;

/** Whether there is a Docker Engine with Compose here. */
export const dockerThere = has("info") && has("compose", "version");
if (!dockerThere) console.warn("SKIPPED: docker compose (there is no Docker Engine with Compose here)");

const run = promisify(execFile);

/** Runs `docker`. @returns its output @throws if it fails, with what it said */
export async function docker(...words: string[]): Promise<string> {
  return (await run("docker", words)).stdout.trim();
}

/** Removes the images that a journey has built. */
export const removeImages = (prefix: string) =>
  spawnSync("docker", [
    "image",
    "rm",
    "--force",
    ...["ohio-server", "virginia-server", "client"].map((app) => `${prefix}/${app}`),
  ]);
