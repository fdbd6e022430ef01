import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { AppProcess, Vhost } from "@weather/testing";
import { testRoles } from "./roles.ts";

const definitions = readFileSync(new URL("../deploy/rabbitmq/definitions.json", import.meta.url), "utf8");

describe("the broker users of deploy/rabbitmq", () => {
  let vhost: Vhost;
  const servers: AppProcess[] = [];
  const folder = mkdtempSync(join(tmpdir(), "weather-roles-"));
  const url = (role: string, password = "secret") => vhost.url.replace("guest:guest", `${role}:${password}`);

  beforeAll(async () => {
    vhost = await Vhost.create(inject("broker"));
    const ours = definitions
      .replaceAll(/"\$[A-Z_]+_PASSWORD"/g, '"secret"')
      .replaceAll('"vhost": "/"', `"vhost": "${vhost.name}"`)
      .replace('"name": "/"', `"name": "${vhost.name}"`);
    await vhost.manage("POST", "/definitions", JSON.parse(ours));
    const AMQP_PASSWORD_FILE = join(folder, "password");
    writeFileSync(AMQP_PASSWORD_FILE, "secret\n");
    for (const role of ["ohio-server", "virginia-server"] as const) {
      const environment = { AMQP_URL: url(role, "not-here"), AMQP_PASSWORD_FILE };
      const server = AppProcess.start(role, { environment });
      servers.push(server);
      await server.says(`${role} answers`);
    }
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
    await vhost.remove();
    rmSync(folder, { recursive: true });
  });

  testRoles(() => ({ url }));

  it.each([
    ["client", ["dead-letters", "list"], "Dead letters are for the user operator"],
    ["operator", ["forecast", "ohio"], "The users client and gateway may ask states"],
    [
      "client",
      ["gather", "sports.ohio"],
      "The user client may send to weather.STATE alone, the user admin anywhere",
    ],
  ] as const)("the command tells the user %s who may do %j", async (user, words, advice) => {
    const command = AppProcess.start("client", {
      arguments: [...words],
      environment: { AMQP_URL: url(user) },
    });
    expect(await command.ended()).toBe(69);
    expect(command.errors.join("\n")).toContain(advice);
  });

  it("the command shows the states to the operator, without the observations, because the operator may not ask farms", async () => {
    const command = AppProcess.start("client", {
      arguments: ["states"],
      environment: { AMQP_URL: url("operator") },
    });
    expect([await command.ended(), command.errors]).toEqual([0, []]);
    expect(command.output[1]).toMatch(/^ohio +weather\.ohio +\d+ +[1-9]\d* +–$/);
  });

  it("the command publishes an observation as the observer, who may not ask farms whether they know the station", async () => {
    const words = ["observe", "ohio", "KCMH", "--date", "2026-01-02", "--low", "3"];
    const command = AppProcess.start("client", {
      arguments: words,
      environment: { AMQP_URL: url("observer") },
    });
    expect([await command.ended(), command.errors]).toEqual([0, []]);
  });

  it("the command also reads its password from a file", async () => {
    const AMQP_PASSWORD_FILE = join(folder, "password");
    const environment = { AMQP_URL: url("client", "not-here"), AMQP_PASSWORD_FILE };
    const command = AppProcess.start("client", { arguments: ["states"], environment });
    expect(await command.ended()).toBe(0);
  });
});
