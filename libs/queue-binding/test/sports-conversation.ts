import * as z from "zod";
import type { Conversation } from "../src/index.ts";

// Nothing here knows weather: a conversation about sports, as any user of this library would define one.

export const request = z.strictObject({ team: z.string(), delay: z.number().optional() });
const reply = z.strictObject({ by: z.string(), says: z.string() });

/** News of sports from anywhere: everything below `sports.`. */
export const sports = {
  exchange: "amq.topic",
  routingKey: "sports.ohio",
  queue: "sports",
  bindingKey: "sports.#",
  deadLetter: "sports.dead-letter",
  request,
  reply,
} satisfies Conversation;

/** Any news that ends in `.ohio`, as the weather servers bind it. */
export const ohio = {
  ...sports,
  routingKey: "weather.ohio",
  queue: "weather.ohio",
  bindingKey: "#.ohio",
} satisfies Conversation;

export const refuse = ({ message }: { message: string }) => ({ by: "refusal", says: message });
