import type { Conversation } from "@weather/queue-binding";
import * as z from "zod";

/** The conversation of the examples. Every key that begins with `sports.` reaches one queue, which all servers share. */
export const sports = {
  exchange: "amq.topic",
  routingKey: "sports.cincinnati",
  queue: "sports",
  bindingKey: "sports.#",
  deadLetter: "sports.dead-letter",
  request: z.strictObject({ team: z.string().min(1) }),
  reply: z.strictObject({ says: z.string() }),
} satisfies Conversation;

/** The reply to a request that the handler does not answer. */
export const refuse = ({ message }: { message: string }) => ({ says: `sorry: ${message}` });

/** Broker that the examples use. */
export const brokerUrl = process.env["AMQP_URL"] ?? "amqp://guest:guest@localhost:5672";
