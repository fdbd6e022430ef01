import { randomUUID } from "node:crypto";
import { field, table, type BytesOfMessage } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { deadLetters } from "../farm.ts";
import { attacker } from "./attacker.ts";
import { faults } from "./trial.ts";

// Attacks with the role `client`. Every ordinary request beside them is answered.

const fault = faults("hostile");
const times = 20;

const text = field.text;
const bombs = {
  "tables nested 4,000 deep": field.nestedTables(4_000),
  "arrays nested 5,000 deep": field.nestedArrays(5_000),
  "60,000 entries": field.array(...Array<Buffer>(60_000).fill(field.nothing())),
};
/** A forged entry of RabbitMQ's header about a dead letter. */
const death = field.table(
  ["queue", text("weather.ohio")],
  ["reason", text("expired")],
  ["count", field.long(1_000n)],
  ["exchange", text("amq.topic")],
  ["routing-keys", field.array(text("weather.virginia"))],
  ["time", field.timestamp(2n ** 64n - 1n)],
);

/** Requests without reply-to. They become dead letters. */
const requests: [what: string, message: BytesOfMessage][] = [
  ...Object.entries(bombs).map(([what, bomb]): [string, BytesOfMessage] => [
    `headers with ${what}`,
    { headers: table(["bomb", bomb]) },
  ]),
  [
    "headers that amqplib reads but cannot write",
    {
      timestamp: 2n ** 64n - 1n,
      appId: Buffer.alloc(255, 0xff),
      headers: table(
        ["table", field.table(["!", text("nothing")])],
        ["time", field.timestamp(2n ** 64n - 1n)],
        [Buffer.alloc(255, 0xff), field.int(1)],
        ["large", text("x".repeat(70_000))],
      ),
    },
  ],
  [
    "headers that forge a failure and its count",
    {
      headers: table(
        ["x-death", field.array(death, field.int(1), death)],
        ["x-first-death-reason", text("expired")],
        ["x-failure-reason", text("failed")],
        ["x-failed-at", text("soon")],
        ["x-attempts", text("many")],
        ["x-tried", field.int(2)],
        ["x-original-queue", text("weather.virginia")],
        ["batch", field.int(3)],
      ),
    },
  ],
  [
    "headers called __proto__, constructor and toString",
    {
      headers: table(
        ["__proto__", field.table(["CC", field.array(text("weather.virginia"))])],
        ["constructor", field.nothing()],
        ["toString", field.int(1)],
      ),
    },
  ],
  [
    "a correlation id, a reply-to and a traceparent that are not UTF-8",
    {
      correlationId: Buffer.alloc(200, 0xff),
      replyTo: Buffer.alloc(200, 0xff),
      headers: table(["traceparent", text(Buffer.alloc(20_000, 0xff))]),
    },
  ],
  ["a body of 8 MiB", { body: Buffer.alloc(8 * 2 ** 20, "x") }],
];
for (const [what, message] of requests) {
  fault(`${what}, ${times} times`, { kept: times }, async ({ vhost, operator }, afterwards) => {
    const { ask } = await attacker(vhost, afterwards);
    for (let number = 0; number < times; number += 1) ask(message);
    await until("all are kept", async () => (await operator.counts(deadLetters))?.waiting === times, 20_000);
  });
}

for (const [what, bomb] of Object.entries(bombs)) {
  fault(
    `cancellation notices whose headers have ${what}, ${times} times`,
    {},
    async ({ vhost }, afterwards) => {
      const { notify, connection } = await attacker(vhost, afterwards);
      const headers = table(["cancelled", text("weather.ohio")], ["bomb", bomb]);
      for (let number = 0; number < times; number += 1) notify({ headers, correlationId: "1" });
      await connection.close();
    },
  );
}

fault("50,000 cancellation notices of requests that nobody sent", {}, async ({ vhost }, afterwards) => {
  const { notify, connection } = await attacker(vhost, afterwards);
  const headers = table(["cancelled", text("weather.ohio")]);
  for (let number = 0; number < 50_000; number += 1)
    notify({ headers, replyTo: "amq.gen-nobody", correlationId: randomUUID() });
  await connection.close();
});

fault(
  "reply-tos to 200 exchanges that do not exist",
  { kept: 200 },
  async ({ vhost, operator }, afterwards) => {
    const { ask } = await attacker(vhost, afterwards);
    for (let number = 0; number < 200; number += 1) ask({ replyTo: `direct://nowhere-${number}/key` });
    await until("all are kept", async () => (await operator.counts(deadLetters))?.waiting === 200, 20_000);
  },
);

fault(
  "made-up direct reply-tos, 100 of them",
  // RabbitMQ 3.10 closes a connection that publishes to such an address.
  { kept: 100 },
  async ({ vhost, operator }, afterwards) => {
    const { ask } = await attacker(vhost, afterwards);
    for (let number = 0; number < 100; number += 1)
      ask({ replyTo: `amq.rabbitmq.reply-to.g1h2AA5yZXBseUA${100 + number}=.AAAA` });
    await until("all are kept", async () => (await operator.counts(deadLetters))?.waiting === 100, 30_000);
  },
);

fault("a forged x-death on 500 requests that expire in the queue", {}, async ({ vhost }, afterwards) => {
  const { ask, connection } = await attacker(vhost, afterwards);
  const headers = table(["x-death", field.array(field.int(1))]);
  for (let number = 0; number < 500; number += 1) ask({ replyTo: "nobody", expiration: "1", headers });
  await connection.close();
});

fault(
  "a batch without reply-to, one question nested 10,000 deep, 20 times",
  { kept: times },
  async ({ vhost, operator }, afterwards) => {
    const { ask } = await attacker(vhost, afterwards);
    const deep = "[".repeat(10_000) + "]".repeat(10_000);
    const body = `[["1",{}],["2",{}],["3",${deep}]]`;
    for (let number = 0; number < times; number += 1) ask({ body, headers: table(["batch", field.int(3)]) });
    await until("all are kept", async () => (await operator.counts(deadLetters))?.waiting === times, 20_000);
  },
);

fault(
  "forged counts of tries and losses, 20 times",
  { kept: times },
  async ({ vhost, operator }, afterwards) => {
    const { ask } = await attacker(vhost, afterwards);
    const counts = ["x-tried", "x-lost", "x-delivery-count", "x-acquired-count"];
    const headers = table(...counts.map((name) => [name, field.int(9)] as [string, Buffer]));
    for (let number = 0; number < times; number += 1) ask({ replyTo: "nobody", headers });
    await until("all are kept", async () => (await operator.counts(deadLetters))?.waiting === times, 20_000);
  },
);
