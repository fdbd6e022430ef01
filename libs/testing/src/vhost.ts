import { randomBytes } from "node:crypto";

/** URLs of the broker of the tests. Plain data, because vitest passes it between processes. */
export interface TestBroker {
  url: string;
  managementUrl: string;
}

/** A virtual host that nobody else uses. */
export class Vhost {
  readonly name = `test-${randomBytes(4).toString("hex")}`;
  /** Broker URL of this virtual host, as an administrator. */
  readonly url: string;
  readonly #managementUrl: string;

  private constructor(broker: TestBroker) {
    this.url = `${broker.url}/${this.name}`;
    this.#managementUrl = broker.managementUrl;
  }

  static async create(broker: TestBroker): Promise<Vhost> {
    const vhost = new Vhost(broker);
    await vhost.manage("PUT", `/vhosts/${vhost.name}`);
    await vhost.manage("PUT", `/permissions/${vhost.name}/guest`, {
      configure: ".*",
      write: ".*",
      read: ".*",
    });
    return vhost;
  }

  /** URL of the management API, as an administrator. */
  get managementUrl(): string {
    return this.#managementUrl.replace("://", "://guest:guest@");
  }

  async remove(): Promise<void> {
    await this.manage("DELETE", `/vhosts/${this.name}`);
  }

  /**
   * Calls RabbitMQ's management API.
   *
   * @throws if the status is not a success
   */
  async manage(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#managementUrl}/api${path}`, {
      method,
      headers: { authorization: `Basic ${btoa("guest:guest")}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Closes the connections of this virtual host whose names begin with `name`, as an operator would. @returns how many */
  async closeConnections(name: string): Promise<number> {
    const all = (await this.manage("GET", "/connections")) as {
      name: string;
      vhost: string;
      client_properties?: { connection_name?: string };
    }[];
    const ours = all.filter(
      ({ vhost, client_properties }) =>
        vhost === this.name && client_properties?.connection_name?.startsWith(name),
    );
    for (const connection of ours) {
      await this.manage("DELETE", `/connections/${encodeURIComponent(connection.name)}`);
    }
    return ours.length;
  }
}
