import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { connectionClose, holdsConnectionMethod } from "./frames.ts";

const openOk = 41;

/** How connection.open-ok and connection.close reach the client together. */
type Together = "in one packet" | "while the client's process is busy";

/**
 * A proxy to a broker that behaves like a node which is stopping: it closes its first connections as soon as they are open.
 *
 * @param closes number of connections that it closes; later ones pass
 */
export async function closingNode(target: string, together: Together, closes: number) {
  const sockets = new Set<Socket>();
  let connections = 0;
  let last = closes;
  const server = createServer((near) => {
    const closing = (connections += 1) <= last;
    const far = connect(Number(new URL(target).port), "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on("error", () => {});
      one.once("close", () => other.destroy());
    }
    near.on("data", (chunk: Buffer) => far.write(chunk));
    far.on("data", (chunk: Buffer) => {
      if (!closing || !holdsConnectionMethod(chunk, openOk)) return void near.write(chunk);
      const close = connectionClose(320, "CONNECTION_FORCED - broker forced connection closure");
      if (together === "in one packet") return void near.write(Buffer.concat([chunk, close]));
      near.write(chunk);
      near.write(close);
      // The client lives in this process, too, and finds both when it reads again.
      const until = performance.now() + 300;
      while (performance.now() < until);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    connections: () => connections,
    /** Closes as many further connections. */
    closeNext: (count: number) => (last = connections + count),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
