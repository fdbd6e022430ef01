import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Measurements of listeners of an event stream. */
export interface Listened {
  /** For each event, milliseconds from its creation until the last listener received it. */
  last: number[];
  /** Listeners that missed an event, or lost their stream. */
  wrong: number;
}

/** Connections that are opened at once. */
const together = 50;

/** Opens streams, and measures when each event of the following seconds reaches the last listener. */
export async function listen(
  url: string,
  { listeners, seconds }: { listeners: number; seconds: number },
): Promise<Listened> {
  const sockets: Socket[] = [];
  const arrivals = new Map<string, { count: number; last: number }>();
  let counting = false;
  const heard = (text: string) => {
    const now = Date.now();
    for (const [, id = ""] of text.matchAll(/^id: (\d+)$/gm)) {
      const seen = arrivals.get(id);
      // An event whose first arrivals were not counted does not count.
      if (seen) arrivals.set(id, { count: seen.count + 1, last: now });
      else if (counting) arrivals.set(id, { count: 1, last: now });
    }
  };
  while (sockets.length < listeners) {
    const opened = Array.from({ length: Math.min(together, listeners - sockets.length) }, () =>
      opening(url, heard),
    );
    sockets.push(...(await Promise.all(opened)));
  }
  await pause(2_000);
  counting = true;
  await pause(seconds * 1_000);
  counting = false;
  await pause(1_500);
  // The first event may have been on its way when the counting began.
  const events = [...arrivals].slice(1);
  const lost = sockets.filter(({ destroyed }) => destroyed).length;
  for (const socket of sockets) socket.destroy();
  return {
    last: events.map(([id, { last }]) => last - Number(id)),
    wrong: lost + events.reduce((sum, [, { count }]) => sum + Math.abs(listeners - count), 0),
  };
}

async function opening(url: string, heard: (text: string) => void): Promise<Socket> {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.setEncoding("latin1");
  socket.on("error", () => {});
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n\r\n`);
  const first = once(socket, "data");
  socket.on("data", heard);
  await first;
  return socket;
}
