import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { canRun } from "@weather/testing";

/** Whether there is a Docker Engine with Compose here. */
export const dockerThere = canRun("compose");

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
    ...["ohio-server", "virginia-server", "client", "observer", "gateway"].map((app) => `${prefix}/${app}`),
  ]);
