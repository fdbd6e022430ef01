import autocannon, { type Result } from "autocannon";
import { obey, Tally, type Answered } from "./answered.ts";
import { listen, type Listened } from "./event-listeners.ts";

// A program: clients of HTTP that ask as their parent tells them. Argument: URL of the gateway.

/** Connections that repeat a request for a path or another URL. With `distinct`, each request has another seed. */
interface Gets {
  get: string;
  distinct: boolean;
  connections: number;
  seconds: number;
}

/** Lists with this number of questions, one list after the other. */
interface Lists {
  list: number;
  seconds: number;
}

export type HttpWorkload = Gets | Lists | { listeners: number; seconds: number };

const [url = ""] = process.argv.slice(2);
let seed = Math.floor(Math.random() * 1e9);

async function get({ get, distinct, connections, seconds }: Gets): Promise<Answered> {
  const tally = new Tally();
  const target = new URL(get, url).href;
  const { pathname } = new URL(target);
  const setupRequest = (request: autocannon.Request) => ({
    ...request,
    path: `${pathname}?seed=${(seed += 1)}`,
  });
  const options = {
    ...{ url: target, connections, duration: seconds, timeout: 60 },
    ...(distinct && { requests: [{ setupRequest }] }),
  };
  const result = await new Promise<Result>((resolve, reject) => {
    const instance = autocannon(options, (error: unknown, result) =>
      error instanceof Error ? reject(error) : resolve(result),
    );
    // autocannon's own times are whole milliseconds.
    instance.on("response", (_client, _status, _bytes, milliseconds) => {
      tally.time(milliseconds);
      tally.count(1);
    });
  });
  const { "2xx": answered, non2xx, errors, duration } = result;
  return { ...tally.result(), answered, wrong: non2xx + errors, perSecond: answered / duration };
}

async function list({ list: count, seconds }: Lists): Promise<Answered> {
  const tally = new Tally();
  while (tally.last - tally.began < seconds * 1_000) {
    const questions = Array.from({ length: count }, () => ({ state: "ohio", seed: (seed += 1) }));
    const began = tally.last;
    const response = await fetch(`${url}/v1/forecasts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(questions),
    });
    const lines = (await response.text()).split("\n");
    const replies = lines.filter((line) => line.includes('"outcome":"forecast"')).length;
    tally.time(tally.count(replies, count - replies) - began);
  }
  return tally.result(tally.last);
}

obey((load: HttpWorkload): Promise<Answered | Listened> => {
  if ("get" in load) return get(load);
  return "list" in load ? list(load) : listen(`${url}/v1/live`, load);
});
