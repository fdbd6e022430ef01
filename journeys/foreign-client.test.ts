import { spawnSync } from "node:child_process";
import { describe, expect } from "vitest";
import { canRun } from "@weather/testing";
import { test } from "./farm.ts";

// A foreign client in another language needs only a body and a reply_to.
const script = `
import json, pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
queue = channel.queue_declare("", exclusive=True).method.queue
properties = pika.BasicProperties(reply_to=queue, correlation_id="from-python")
channel.basic_publish("amq.topic", "weather.ohio", json.dumps({"days": 2, "seed": 7}), properties)
for method, properties, body in channel.consume(queue, auto_ack=True, inactivity_timeout=10):
    print(json.dumps([properties and properties.correlation_id, body and json.loads(body)]))
    break
`;

const python = "/usr/bin/python3";
const has = () => spawnSync(python, ["-c", "import pika"]).status === 0;

/** Whether Debian's pika is there. Installs it if possible. */
function pikaIsThere(): boolean {
  if (has()) return true;
  if (process.getuid?.() !== 0) return false;
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...words: string[]) => spawnSync("apt-get", words, { env: environment }).status === 0;
  return (
    apt("update", "-q") && apt("install", "-y", "-q", "--no-install-recommends", "python3-pika") && has()
  );
}

const there = canRun("pika") && pikaIsThere();

describe.skipIf(!there)("Python's pika", () => {
  test("sends a request and reads its reply", async ({ vhost, serve }) => {
    await serve("ohio");
    const { stdout, stderr } = spawnSync(python, ["-c", script, vhost.url], { encoding: "utf8" });
    expect(stderr).toBe("");
    const [id, reply] = JSON.parse(stdout) as [string, { days: unknown[] }];
    expect(id).toBe("from-python");
    expect(reply).toMatchObject({ outcome: "forecast", state: "ohio", model: { seed: 7 } });
    expect(reply.days).toHaveLength(2);
  });
});
