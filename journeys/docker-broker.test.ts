import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@weather/queue-binding";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runningServices, startInDocker } from "@weather/tools/docker-broker";
import { dockerThere } from "./docker.ts";

describe.skipIf(!dockerThere)("npm start on Docker", () => {
  const folder = mkdtempSync(join(tmpdir(), "weather-env-"));
  const project = `weather-start-${process.pid}`;

  beforeAll(async () => {
    const file = join(folder, ".env");
    writeFileSync(
      file,
      `ADMIN_PASSWORD=from-the-file\nAMQP_PORT=${await getPort()}\nMANAGEMENT_PORT=${await getPort()}\n`,
    );
    // Uses the file in place of the workspace's .env.
    vi.stubEnv("COMPOSE_ENV_FILES", file);
    vi.stubEnv("COMPOSE_PROJECT_NAME", project);
  });
  afterAll(() => {
    spawnSync("docker", ["compose", "down", "--volumes"], { cwd: join(import.meta.dirname, "..") });
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it("uses the password and the port of .env, and stops its broker", async () => {
    const broker = await startInDocker((await runningServices()) ?? [], () => {});
    expect(broker.url).toContain("admin:from-the-file@");
    expect(broker.shown).not.toContain("from-the-file");
    await (await connect(broker.url, { name: "test" })).drain();
    await broker.release();
    expect(await runningServices()).toEqual([]);
  }, 120_000);
});
