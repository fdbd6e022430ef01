import { field, table, type BytesOfMessage } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { deadLetters } from "../farm.ts";
import { attacker } from "./attacker.ts";
import { faults } from "./trial.ts";

// Somebody with the role `client` does this; every ordinary request beside it is answered.

const fault = faults("hostile");
const times = 20;

/** Requests that end as dead letters, because there is nobody to be told. */
const requests: [what: string, message: BytesOfMessage][] = [
  [
    "headers that amqplib reads but cannot write",
    {
      headers: table(
        ["table", field.table(["!", field.text("nothing")])],
        ["time", field.timestamp(2n ** 64n - 1n)],
        ["large", field.text("x".repeat(70_000))],
      ),
    },
  ],
];
for (const [what, message] of requests) {
  fault(`${what}, ${times} times`, { kept: times }, async ({ vhost, operator }, afterwards) => {
    const { ask } = await attacker(vhost, afterwards);
    for (let number = 0; number < times; number += 1) ask(message);
    await until("all are kept", async () => (await operator.counts(deadLetters))?.waiting === times);
  });
}
