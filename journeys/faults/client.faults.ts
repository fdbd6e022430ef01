import { setTimeout as pause } from "node:timers/promises";
import amqplib from "amqplib";
import { expect } from "vitest";
import { AppProcess, type Vhost } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ohio } from "../farm.ts";
import { faults } from "./trial.ts";

const fault = faults("client");

fault("aborts a thousand requests", { errors: ["AbortError"] }, async ({ load }) => {
  const abort = new AbortController();
  load.ask({ deadline: 30_000, signal: abort.signal, count: 1_000 });
  await pause(20);
  abort.abort();
});

fault(
  "aborts 5,000 requests by one signal: none of the waiting ones is sent",
  { errors: ["AbortError"], rate: 20 },
  async ({ load, operator }) => {
    const abort = new AbortController();
    load.ask({ deadline: 30_000, signal: abort.signal, count: 5_000 });
    await pause(20);
    abort.abort();
    // At most the requests in flight are still there, and servers drop them.
    let most = 0;
    for (let looks = 0; looks < 20; looks += 1, await pause(20)) {
      most = Math.max(most, (await operator.counts(ohio))?.waiting ?? 0);
    }
    expect(most).toBeLessThanOrEqual(1_024 + 64);
  },
);

fault("another one is killed with 2,000 requests in flight", {}, async ({ vhost, operator }, afterwards) => {
  const words = ["forecast", "ohio", "--count", "2000", "--concurrency", "2000", "--members", "2000"];
  const other = AppProcess.start("client", { arguments: words, environment: { AMQP_URL: vhost.url } });
  afterwards(() => other.stop("SIGKILL"));
  await until("its requests wait", async () => ((await operator.counts(ohio))?.waiting ?? 0) > 100);
  expect(await other.stop("SIGKILL")).toBe("SIGKILL");
});

fault(
  "its deadline is shorter than the queue's wait",
  { errors: ["AnswerTimeoutError"] },
  async ({ load }) => {
    load.ask({ deadline: 50, count: 2_000 });
    await pause(1_000);
  },
);

fault("asks 10,000 times at once: 1,024 are in flight", {}, async ({ load, operator }) => {
  load.ask({ deadline: 60_000, count: 10_000 });
  let most = 0;
  while (load.answered < 10_000) most = Math.max(most, (await operator.counts(ohio))?.waiting ?? 0);
  expect(most).toBeLessThanOrEqual(1_024);
});

/** A foreign consumer of Ohio's requests. It gets about every third one. */
async function impostor(
  vhost: Vhost,
  afterwards: (close: () => unknown) => void,
  reply: (request: { seed: number }, send: (body: unknown, correlationId?: string) => void) => void,
): Promise<void> {
  const connection = await amqplib.connect(vhost.url);
  afterwards(() => connection.close());
  const channel = await connection.createChannel();
  let open = true;
  afterwards(() => (open = false));
  await channel.consume(
    ohio.queue,
    (message) => {
      const { replyTo, correlationId: own } = message?.properties as {
        replyTo: string;
        correlationId: string;
      };
      reply(
        JSON.parse(message?.content.toString() ?? "") as { seed: number },
        (body, correlationId = own) =>
          open && channel.publish("", replyTo, Buffer.from(JSON.stringify(body)), { correlationId }),
      );
    },
    { noAck: true },
  );
}

fault("gets replies twice, and with an unknown correlation id", {}, async ({ vhost, client }, afterwards) => {
  const sample = await client.ask(ohio, { seed: 1, days: 2 });
  if (sample.outcome !== "forecast") throw new Error("no sample");
  await impostor(vhost, afterwards, ({ seed }, send) => {
    const right = { ...sample, model: { ...sample.model, seed } };
    send(right, "unknown");
    send(right);
    send(right);
  });
  await pause(2_000);
});

fault(
  "gets replies after its deadline",
  { deadline: 1_000, errors: ["AnswerTimeoutError"] },
  async ({ vhost, client }, afterwards) => {
    const sample = await client.ask(ohio, { seed: 1, days: 2 });
    await impostor(vhost, afterwards, (_, send) => setTimeout(() => send(sample), 1_500));
    await pause(3_000);
  },
);

fault(
  "gets replies that do not fit the schema",
  { errors: ["ValidationError"] },
  async ({ vhost }, afterwards) => {
    await impostor(vhost, afterwards, (_, send) => send({ outcome: "sunny" }));
    await pause(2_000);
  },
);
