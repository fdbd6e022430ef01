import amqplib, { type ConfirmChannel } from "amqplib";
import { statusFrom } from "@weather/contracts";
import { AccessRefusedError, connect, type Broker } from "@weather/queue-binding";
import { expect, it } from "vitest";
import { until } from "@weather/testing/vitest";
import { deadLetters, ohio, virginia } from "./farm.ts";

type Role = "admin" | "operator" | "client" | "gateway" | "observer" | "ohio-server" | "virginia-server";

/** A broker with the users of deploy/rabbitmq/definitions.json, and a farm of Ohio and Virginia with these users. */
interface Roles {
  /** Broker URL of a role; with another password if one is given. */
  url: (role: string, password?: string) => string;
}

type Operation = (channel: ConfirmChannel) => Promise<unknown>;

const publish =
  (exchange: string, routingKey: string, replyTo?: string): Operation =>
  (channel) => {
    channel.publish(exchange, routingKey, Buffer.from("{}"), {
      ...(replyTo && { replyTo }),
      expiration: "5000",
    });
    return channel.waitForConfirms();
  };
const consume =
  (queue: string, noAck = false): Operation =>
  (channel) =>
    channel.consume(queue, () => {}, { noAck });
/** Reads a stream from its beginning. */
const follow =
  (queue: string): Operation =>
  async (channel) => {
    await channel.prefetch(10);
    await channel.consume(queue, () => {}, { arguments: { "x-stream-offset": "first" } });
  };
const get =
  (queue: string): Operation =>
  (channel) =>
    channel.get(queue);

/** Declares a retry queue, as servers do when a request first fails. */
const assertRetryQueue =
  (queue: string): Operation =>
  (channel) =>
    channel.assertQueue(`${queue}.retry.500ms`, {
      durable: true,
      arguments: {
        "x-queue-type": "quorum",
        "x-delivery-limit": 1_000_000,
        "x-message-ttl": 500,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
      },
    });

/** Each role, an operation, and whether the broker allows it. */
const attempts: [role: Role, what: string, operation: Operation, allowed: boolean][] = [
  ["ohio-server", "reads Ohio's requests", consume("weather.ohio"), true],
  ["ohio-server", "reads Virginia's requests", consume("weather.virginia"), false],
  ["ohio-server", "makes its retry queue", assertRetryQueue("weather.ohio"), true],
  ["ohio-server", "makes Virginia's retry queue", assertRetryQueue("weather.virginia"), false],
  ["ohio-server", "reads its quarantine", get("weather.ohio.quarantine"), true],
  ["ohio-server", "reads Virginia's quarantine", get("weather.virginia.quarantine"), false],
  ["client", "reads what is in quarantine", get("weather.ohio.quarantine"), false],
  ["client", "puts something into quarantine", publish("", "weather.ohio.quarantine"), false],
  ["client", "makes a retry queue", assertRetryQueue("weather.ohio"), false],
  ["ohio-server", "reads dead letters", get("weather.dead-letter"), false],
  [
    "ohio-server",
    "binds its queue to Virginia's requests",
    (channel) => channel.bindQueue("weather.ohio", "amq.topic", "#.virginia"),
    false,
  ],
  [
    "ohio-server",
    "binds its queue to everything",
    (channel) => channel.bindQueue("weather.ohio", "amq.topic", "#"),
    false,
  ],
  ["ohio-server", "sends a request", publish("amq.topic", "weather.virginia"), false],
  [
    "ohio-server",
    "binds its queue to questions to Ohio's servers",
    (channel) => channel.bindQueue("weather.ohio.quarantine", "amq.topic", "status.ohio.servers"),
    true,
  ],
  [
    "ohio-server",
    "binds it to questions to Virginia's",
    (channel) => channel.bindQueue("weather.ohio.quarantine", "amq.topic", "status.virginia.servers"),
    false,
  ],
  [
    "ohio-server",
    "asks Virginia's servers how they do",
    publish("amq.topic", "status.virginia.servers"),
    false,
  ],
  ["client", "asks Ohio's servers how they do", publish("amq.topic", "status.ohio.servers"), true],
  ["client", "asks something else of them", publish("amq.topic", "status.ohio"), false],
  ["observer", "asks Ohio's servers how they do", publish("amq.topic", "status.ohio.servers"), false],
  ["ohio-server", "deletes Virginia's queue", (channel) => channel.deleteQueue("weather.virginia"), false],
  ["ohio-server", "declares a queue of another name", (channel) => channel.assertQueue("mine"), false],
  ["ohio-server", "declares an exchange", (channel) => channel.assertExchange("mine", "fanout"), false],
  ["ohio-server", "replies to a queue", publish("", "amq.gen-of-somebody"), true],
  ["ohio-server", "replies to amq.direct", publish("amq.direct", "some.key"), true],
  ["ohio-server", "replies to another exchange", publish("amq.fanout", ""), false],
  ["ohio-server", "reads observations", follow("weather.observations"), true],
  ["ohio-server", "publishes an observation", publish("amq.topic", "observed.ohio.KCMH"), false],
  [
    "ohio-server",
    "deletes the observations",
    (channel) => channel.deleteQueue("weather.observations"),
    false,
  ],
  ["observer", "publishes an observation", publish("amq.topic", "observed.ohio.KCMH"), true],
  [
    "observer",
    "publishes one that Ohio's farm would take for a request",
    publish("amq.topic", "observed.ohio"),
    false,
  ],
  ["observer", "sends a request", publish("amq.topic", "weather.ohio"), false],
  ["observer", "publishes to a queue", publish("", "weather.ohio"), false],
  ["observer", "reads observations", follow("weather.observations"), false],
  ["observer", "deletes the observations", (channel) => channel.deleteQueue("weather.observations"), false],
  ["observer", "empties them", (channel) => channel.purgeQueue("weather.observations"), false],
  ["client", "publishes an observation", publish("amq.topic", "observed.ohio.KCMH"), false],
  ["client", "reads observations", follow("weather.observations"), false],
  ["operator", "publishes an observation", publish("amq.topic", "observed.ohio.KCMH"), false],
  ["virginia-server", "reads Ohio's requests", consume("weather.ohio"), false],
  ["client", "sends a request", publish("amq.topic", "weather.ohio"), true],
  ["client", "sends something else", publish("amq.topic", "sports.ohio"), false],
  ["client", "reads Ohio's requests", consume("weather.ohio"), false],
  ["client", "reads dead letters", get("weather.dead-letter"), false],
  ["client", "empties Ohio's queue", (channel) => channel.purgeQueue("weather.ohio"), false],
  ["client", "deletes Ohio's queue", (channel) => channel.deleteQueue("weather.ohio"), false],
  ["client", "publishes a reply to somebody", publish("", "amq.gen-of-somebody"), false],
  ["client", "publishes a reply on amq.direct", publish("amq.direct", "some.key"), false],
  ["client", "declares a queue by name", (channel) => channel.assertQueue("mine"), false],
  ["client", "reads its replies by direct reply-to", consume("amq.rabbitmq.reply-to", true), true],
  [
    "client",
    "declares a reply queue of its own",
    (channel) => channel.assertQueue("", { exclusive: true }),
    false,
  ],
  [
    "client",
    "declares a queue that passes what expires on to amq.topic, with any key",
    (channel) =>
      channel.assertQueue("", {
        exclusive: true,
        deadLetterExchange: "amq.topic",
        deadLetterRoutingKey: "observed.ohio.KCMH",
      }),
    false,
  ],
  [
    "client",
    "listens in on requests",
    (channel) => channel.bindQueue("weather.ohio", "amq.topic", "#"),
    false,
  ],
  ["operator", "reads dead letters", get("weather.dead-letter"), true],
  ["operator", "puts one back into its queue", publish("", "weather.ohio"), true],
  ["operator", "reads Ohio's requests", consume("weather.ohio"), false],
  ["operator", "sends requests to all", publish("amq.topic", "weather.ohio"), false],
];

/** All attempts. A gateway has the same rights as a client. */
const all = attempts.flatMap(([role, ...rest]): typeof attempts =>
  role === "client"
    ? [
        [role, ...rest],
        ["gateway", ...rest],
      ]
    : [[role, ...rest]],
);

/** Runs an operation as a role. @returns whether the broker allowed it */
async function may(url: string, operation: Operation): Promise<boolean> {
  const connection = await amqplib.connect(url);
  connection.on("error", () => {});
  try {
    const channel = await connection.createConfirmChannel();
    channel.on("error", () => {});
    const closed = new Promise<boolean>((resolve) => channel.once("close", () => resolve(false)));
    return await Promise.race([operation(channel).then(() => true), closed]).catch(() => false);
  } finally {
    await connection.close().catch(() => {});
  }
}

/** The tests of what each role may do, for the broker that `roles` gives. */
export function testRoles(roles: () => Roles): void {
  const as = (role: Role) => connect(roles().url(role), { name: `journey as ${role}` });
  const deadLetterCount = async (broker: Broker) => (await broker.counts(deadLetters))?.waiting ?? 0;

  for (const [role, what, operation, allowed] of all) {
    it(`${role} ${what}: ${allowed ? "allowed" : "refused"}`, async () => {
      expect(await may(roles().url(role), operation)).toBe(allowed);
    });
  }

  it("nobody comes in without a user, or with a wrong password", async () => {
    for (const url of [roles().url("nobody"), roles().url("client", "wrong")]) {
      await expect(connect(url, { name: "journey" })).rejects.toBeInstanceOf(AccessRefusedError);
    }
  });

  it("a client asks and is answered, and hears at once what it may not ask", async () => {
    const client = await as("client");
    expect((await client.ask(ohio, {})).outcome).toBe("forecast");
    expect((await client.ask(virginia, {})).outcome).toBe("forecast");
    await expect(client.ask({ ...ohio, routingKey: "sports.ohio" }, {})).rejects.toBeInstanceOf(
      AccessRefusedError,
    );
    await client.drain();
  });

  it("a client asks all servers of a state how they do, and all answer", async () => {
    const client = await as("client");
    const survey = async () => await client.survey(statusFrom("ohio"), { kind: "status" });
    await until("all have answered", async () => {
      const { replies, silent, counts } = await survey();
      return silent === 0 && replies.length > 0 && replies.length === counts?.servers;
    });
    await client.drain();
  });

  it("a client's cancelled requests are heard of by servers", async () => {
    const client = await as("client");
    const asked = client.ask(ohio, {}, { signal: AbortSignal.timeout(1) });
    await asked.catch(() => {});
    // A refused notice would have closed the channel.
    expect((await client.ask(ohio, {})).outcome).toBe("forecast");
    await client.drain();
  });

  for (const replyTo of [
    "weather.virginia",
    "weather.dead-letter",
    "direct://amq.topic/weather.virginia",
    "fanout://weather.dead-letter.kept/",
    "fanout://amq.fanout/some.key",
    "direct://no-such-exchange/some.key",
  ]) {
    it(`a client cannot use a server as its deputy: a reply-to ${replyTo} makes a dead letter`, async () => {
      const operator = await as("operator");
      const before = await deadLetterCount(operator);
      expect(await may(roles().url("client"), publish("amq.topic", "weather.ohio", replyTo))).toBe(true);
      await until("it is kept", async () => (await deadLetterCount(operator)) === before + 1);
      const letters = await operator.deadLetters(ohio, 1_000);
      expect(letters.all.find((letter) => letter.replyTo === replyTo)?.reason).toMatch(
        /^reply-(not-allowed|refused)$/,
      );
      await letters.close();
      expect(await operator.counts(virginia)).toMatchObject({ waiting: 0 });
      const client = await as("client");
      expect((await client.ask(ohio, {})).outcome).toBe("forecast");
      await client.drain();
      await operator.drain();
    });
  }
}
