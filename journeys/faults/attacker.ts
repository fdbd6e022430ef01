import { readFileSync } from "node:fs";
import { RawConnection, type BytesOfMessage, type Vhost } from "@weather/testing";

const definitions = readFileSync(new URL("../../deploy/rabbitmq/definitions.json", import.meta.url), "utf8");

/** An attacker with the role `client`, who writes AMQP by hand. */
interface Attacker {
  readonly connection: RawConnection;
  /** Broker URL of this user. */
  readonly url: string;
  /** Sends a request to Ohio: `{}`, unless it has a body. */
  readonly ask: (message: BytesOfMessage) => void;
  /** Tells servers of a cancelled request, in a form of the attacker's choice. */
  readonly notify: (message: BytesOfMessage) => void;
}

/** Makes a user with the rights of `client` in deploy/rabbitmq/definitions.json, and connects with it. */
export async function attacker(vhost: Vhost, afterwards: (close: () => unknown) => void): Promise<Attacker> {
  const { permissions, topic_permissions } = JSON.parse(definitions) as Record<string, { user: string }[]>;
  const rights = (all: { user: string }[] = []) => all.find(({ user }) => user === "client");
  const user = `client-${vhost.name}`;
  await vhost.manage("PUT", `/users/${user}`, { password: "secret", tags: "" });
  afterwards(() => vhost.manage("DELETE", `/users/${user}`));
  await vhost.manage("PUT", `/permissions/${vhost.name}/${user}`, rights(permissions));
  await vhost.manage("PUT", `/topic-permissions/${vhost.name}/${user}`, rights(topic_permissions));
  const url = vhost.url.replace("guest:guest", `${user}:secret`);
  const connection = await RawConnection.open(url);
  afterwards(() => connection.close());
  return {
    connection,
    url,
    ask: (message) =>
      connection.publish({ exchange: "amq.topic", routingKey: "weather.ohio", body: "{}", ...message }),
    notify: (message) => connection.publish({ exchange: "amq.headers", ...message }),
  };
}
