import { fileURLToPath } from "node:url";
import { config, port, ps, rm, upOne } from "docker-compose";

const compose = { cwd: fileURLToPath(new URL("../..", import.meta.url)) };

/** The running services of the farm's Compose file. Nothing if there is no Docker Engine with Compose. */
export async function runningServices(): Promise<string[] | undefined> {
  try {
    const { data } = await ps({ ...compose, commandOptions: [["--format", "json"]] });
    return data.services.map(({ name }) => name);
  } catch {
    return undefined;
  }
}

/** Password of the user admin in Compose: from the environment, from `.env`, or else the one for development. */
async function adminPassword(): Promise<string> {
  const { out } = await config({ ...compose, commandOptions: [["--format", "json"]] });
  const { services } = JSON.parse(out) as { services: { rabbitmq: { environment: Record<string, string> } } };
  // `config` prints a Compose file, in which $$ stands for $.
  return (services.rabbitmq.environment["ADMIN_PASSWORD"] ?? "").replaceAll("$$", "$");
}

/**
 * Starts the broker of docker-compose.yml.
 *
 * @param running the services that already run. A broker among them is used, and not stopped at the end
 */
export async function startInDocker(running: string[], say: (text: string) => void) {
  const shared = running.some((name) => name.includes("rabbitmq"));
  say("RabbitMQ: docker compose up rabbitmq");
  await upOne("rabbitmq", { ...compose, commandOptions: ["--wait"] });
  const password = await adminPassword();
  const { data } = await port("rabbitmq", 5672, compose);
  const url = (secret: string) => `amqp://admin:${secret}@localhost:${data.port}`;
  return {
    url: url(encodeURIComponent(password)),
    shown: url(password === "weather-development-only" ? password : "…"),
    shared,
    release: async () => {
      if (!shared) await rm({ ...compose, commandOptions: ["--stop", "--volumes"] }, "rabbitmq");
    },
  };
}
