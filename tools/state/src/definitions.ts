import type { UsState } from "@weather/tools/us-states";
import { twinOf } from "./twins.ts";

/** The file with the broker's users and permissions, in RabbitMQ's format. */
export const definitionsFile = "deploy/rabbitmq/definitions.json";

type Definitions = Record<"users" | "permissions" | "topic_permissions", { name?: string; user?: string }[]>;

const parts = ["users", "permissions", "topic_permissions"] as const;
const belongsTo =
  ({ key }: UsState) =>
  ({ name, user }: { name?: string; user?: string }) =>
    (name ?? user) === `${key}-server`;

/** The definitions with a user for another state's server, with the same permissions for its own state. */
export function withUser(definitions: Definitions, from: UsState, to: UsState): Definitions {
  const more = { ...definitions };
  for (const part of parts) {
    if (more[part].some(belongsTo(to))) continue;
    const models = more[part].filter(belongsTo(from));
    more[part] = [
      ...more[part],
      ...models.map((model) => JSON.parse(twinOf(JSON.stringify(model), from, to)) as (typeof models)[0]),
    ];
  }
  return more;
}

export function withoutUser(definitions: Definitions, state: UsState): Definitions {
  const less = { ...definitions };
  for (const part of parts) less[part] = less[part].filter((entry) => !belongsTo(state)(entry));
  return less;
}
