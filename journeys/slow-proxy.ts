import { once } from "node:events";
import { createServer, get, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** How many pieces a page comes in, and the milliseconds between two of them: more than a browser needs to draw. */
const [pieces, between] = [80, 30];

/** A proxy that sends each page in pieces, as a slow network or a busy machine does. */
export class SlowProxy {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param gateway without a slash at its end */
  static async start(gateway: string): Promise<SlowProxy> {
    const server = createServer(({ url, headers: { accept = "*/*" } }, response) => {
      get(gateway + url, { headers: { accept } }, (answer) => {
        const type = answer.headers["content-type"] ?? "";
        response.writeHead(answer.statusCode ?? 502, { "content-type": type });
        if (type.startsWith("text/html")) void sendInPieces(answer, response);
        else answer.pipe(response);
      }).on("error", () => response.destroy());
    });
    await once(server.listen(0), "listening");
    return new SlowProxy(server);
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function sendInPieces(page: Readable, response: ServerResponse): Promise<void> {
  const bytes = Buffer.concat(await page.toArray());
  const size = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await pause(between);
  }
  response.end();
}
