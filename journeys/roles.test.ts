import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { AppProcess, Vhost } from "@weather/testing";
import { testRoles } from "./roles.ts";

const definitions = readFileSync(new URL("../deploy/rabbitmq/definitions.json", import.meta.url), "utf8");

describe("the broker users of deploy/rabbitmq", () => {
  let vhost: Vhost;
  const servers: AppProcess[] = [];
  const url = (role: string, password = "secret") => vhost.url.replace("guest:guest", `${role}:${password}`);

  beforeAll(async () => {
    vhost = await Vhost.create(inject("broker"));
    const ours = definitions
      .replaceAll(/"\$[A-Z_]+_PASSWORD"/g, '"secret"')
      .replaceAll('"vhost": "/"', `"vhost": "${vhost.name}"`)
      .replace('"name": "/"', `"name": "${vhost.name}"`);
    await vhost.manage("POST", "/definitions", JSON.parse(ours));
    for (const role of ["ohio-server", "virginia-server"] as const) {
      const server = AppProcess.start(role, { environment: { AMQP_URL: url(role) } });
      servers.push(server);
      await server.says(`${role} answers`);
    }
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
    await vhost.remove();
  });

  testRoles(() => ({ url }));
});
