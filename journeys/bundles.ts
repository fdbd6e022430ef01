import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));

/** vitest's global set-up: bundles every app, as the Docker image does. */
export default async function setup(): Promise<void> {
  const run = promisify(execFile);
  await Promise.all(
    readdirSync(`${root}apps`).map((app) =>
      run("npm", ["run", "build", "--workspace", `apps/${app}`], { cwd: root }),
    ),
  );
}
