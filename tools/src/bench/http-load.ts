import { createHistogram } from "node:perf_hooks";
import autocannon, { type Result } from "autocannon";
import { listen, type Listened } from "./event-listeners.ts";
import type { Answered } from "./load.ts";

// A program: clients of HTTP that ask as their parent tells them. Argument: URL of the gateway.

/** Connections that each ask for a path or another URL again and again; `distinct`: each time with a seed of its own. */
interface Gets {
  get: string;
  distinct: boolean;
  connections: number;
  seconds: number;
}

/** Lists of so many questions, one list after the other. */
interface Lists {
  list: number;
  seconds: number;
}

export type HttpWorkload = Gets | Lists | { listeners: number; seconds: number };

const [url = ""] = process.argv.slice(2);
let seed = Math.floor(Math.random() * 1e9);

async function get({ get, distinct, connections, seconds }: Gets): Promise<Answered> {
  const times = createHistogram();
  let [last, pause] = [performance.now(), 0];
  const target = new URL(get, url).href;
  const { pathname } = new URL(target);
  const requests = [
    {
      setupRequest: (request: autocannon.Request) => ({
        ...request,
        path: `${pathname}?seed=${(seed += 1)}`,
      }),
    },
  ];
  const options = {
    url: target,
    connections,
    duration: seconds,
    timeout: 60,
    ...(distinct && { requests }),
  };
  const result = await new Promise<Result>((resolve, reject) => {
    const instance = autocannon(options, (error: unknown, result) =>
      error instanceof Error ? reject(error) : resolve(result),
    );
    // autocannon's own times are whole milliseconds.
    instance.on("response", (_client, _status, _bytes, milliseconds) => {
      times.record(Math.max(1, Math.round(milliseconds * 1e6)));
      const now = performance.now();
      pause = Math.max(pause, now - last);
      last = now;
    });
  });
  const { "2xx": answered, non2xx, errors, duration } = result;
  return {
    answered,
    wrong: non2xx + errors,
    perSecond: answered / duration,
    p50: times.percentile(50) / 1e6,
    p99: times.percentile(99) / 1e6,
    pause,
  };
}

async function list({ list: count, seconds }: Lists): Promise<Answered> {
  const times = createHistogram();
  const began = performance.now();
  let [answered, wrong, last, pause] = [0, 0, began, 0];
  while (last - began < seconds * 1_000) {
    const questions = Array.from({ length: count }, () => ({ state: "ohio", seed: (seed += 1) }));
    const response = await fetch(`${url}/v1/forecasts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(questions),
    });
    const lines = (await response.text()).split("\n");
    const replies = lines.filter((line) => line.includes('"outcome":"forecast"')).length;
    answered += replies;
    wrong += count - replies;
    const now = performance.now();
    times.record(Math.round((now - last) * 1e6));
    pause = Math.max(pause, now - last);
    last = now;
  }
  return {
    answered,
    wrong,
    perSecond: answered / ((last - began) / 1_000),
    p50: times.percentile(50) / 1e6,
    p99: times.percentile(99) / 1e6,
    pause,
  };
}

function work(load: HttpWorkload): Promise<Answered | Listened> {
  if ("get" in load) return get(load);
  return "list" in load ? list(load) : listen(`${url}/v1/live`, load);
}

process.on("message", (message) => void work(message as HttpWorkload).then((done) => process.send?.(done)));
process.once("disconnect", () => process.exit());
process.send?.("ready");
