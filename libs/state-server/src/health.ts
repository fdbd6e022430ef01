import { once } from "node:events";
import { createServer, type Server } from "node:http";

export interface Probes {
  /** Whether an event loop has turned lately. */
  live: () => boolean;
  /** Whether requests can come: connected, subscribed, not draining. */
  ready: () => boolean;
}

/** Answers `/livez` and `/readyz` with 200 or 503. */
export async function serveHealth(port: number, { live, ready }: Probes): Promise<Server> {
  const server = createServer((request, response) => {
    const probe = { "/livez": live, "/readyz": ready }[request.url ?? ""];
    const status = probe === undefined ? 404 : probe() ? 200 : 503;
    response.writeHead(status, { "content-type": "text/plain" });
    response.end(status === 200 ? "ok\n" : status === 503 ? "not now\n" : "there are /livez and /readyz\n");
  });
  server.listen(port);
  await once(server, "listening");
  return server;
}
