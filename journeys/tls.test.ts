import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { down, upMany, type IDockerComposeOptions } from "docker-compose";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerThere, removeImages } from "./docker.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "docs/security.md"), "utf8");
const commands = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) =>
  block.trim().split("\n"),
);

describe.skipIf(!dockerThere)("TLS as docs/security.md sets it up", () => {
  const project = `weather-tls-${randomBytes(3).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "weather-tls-"));
  let compose: IDockerComposeOptions;
  let port: number;

  /** Runs a command of the page in a temporary folder. */
  const run = (command: string) => spawnSync(command, { shell: true, cwd: folder, encoding: "utf8" });
  /** Asks as the page says, after another command. */
  const askAfter = (before: string) => {
    const command = commands.at(-1) ?? "";
    const weather = join(root, "node_modules/.bin/weather");
    return run(`${before}; ${command.replace(":5671", `:${port}`).replace("npx weather", weather)}`);
  };

  beforeAll(async () => {
    for (const command of commands.slice(0, 3)) expect(run(command)).toMatchObject({ status: 0 });
    port = await getPort();
    compose = {
      cwd: root,
      config: ["docker-compose.yml", "docker-compose.tls.yml"],
      env: {
        ...process.env,
        COMPOSE_PROJECT_NAME: project,
        IMAGE_PREFIX: project,
        TLS_FOLDER: join(folder, "tls"),
        AMQPS_PORT: String(port),
        AMQP_PORT: String(await getPort()),
        MANAGEMENT_PORT: String(await getPort()),
        GATEWAY_PORT: String(await getPort()),
      },
    };
    await upMany(["ohio-server"], { ...compose, commandOptions: ["--build", "--wait"] });
  }, 600_000);
  afterAll(async () => {
    await down({ ...compose, commandOptions: ["--volumes"] });
    removeImages(project);
    rmSync(folder, { recursive: true });
  }, 120_000);

  it("answers a request", () => {
    expect(commands[3]).toBe("docker compose -f docker-compose.yml -f docker-compose.tls.yml up --build");
    const { status, stdout } = askAfter("true");
    expect([status, stdout]).toEqual([0, expect.stringContaining("(KCMH), ohio")]);
  });

  it("is refused by a client that does not trust the authority", () => {
    run(
      "openssl req -x509 -newkey rsa:2048 -noenc -subj /CN=another -keyout tls/another.key -out tls/another.pem",
    );
    const { status, stderr } = askAfter("cp tls/another.pem tls/ca.pem");
    expect([status, stderr]).toEqual([69, expect.stringMatching(/certificate/)]);
  });
});
