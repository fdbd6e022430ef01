import {
  contractVersion,
  farmRequest,
  reply,
  request,
  stationsReply,
  stationsRequest,
  statusReply,
  statusRequest,
} from "@weather/contracts";
import * as z from "zod";

/** The part of JSON Schema that is used here. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  /** Schema of JSON in a text. */
  readonly contentSchema?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly [keyword: string]: unknown;
}

/** The schemas of one version of the contract. */
export interface Contract {
  readonly version: number;
  /** As a client may write it. */
  readonly request: Schema;
  /** As a client reads it: an older one ignores the fields that it does not know. */
  readonly reply: Schema;
  /** The same for the question about a farm's stations. Version 1 does not have it. */
  readonly stations?: Pick<Contract, "request" | "reply">;
  /** The same for the question to all servers of a state. Version 1 does not have it. */
  readonly status?: Pick<Contract, "request" | "reply">;
  /** The same for each operation of the gateway. Version 1 does not have it. */
  readonly http?: Readonly<Record<string, Pick<Contract, "request" | "reply">>>;
}

function jsonSchema(schema: z.ZodType): Schema {
  const { $schema, ...written } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    // Leaves zod's pattern of a format out. The name of the format says the same, and is readable.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  // Converts zod's objects to plain data, as in a file.
  return JSON.parse(JSON.stringify(written)) as Schema;
}

/** The contract that the code speaks. */
export const contract = {
  version: contractVersion,
  request: jsonSchema(request),
  reply: jsonSchema(reply),
  stations: { request: jsonSchema(stationsRequest), reply: jsonSchema(stationsReply) },
  status: { request: jsonSchema(statusRequest), reply: jsonSchema(statusReply) },
} satisfies Contract;

/** Schema of every request to a farm. */
export const asked = jsonSchema(farmRequest);

/** The shapes of a reply, by outcome. */
export const replies = new Map(
  [contract.reply, contract.stations.reply]
    .flatMap(({ oneOf = [] }) => oneOf)
    .map((shape) => [String(shape.properties?.outcome?.const), shape]),
);

/** The report of a server. The other shape of its reply is a refusal, as above. */
export const statusShape = contract.status.reply.oneOf?.find(
  ({ properties }) => properties?.outcome?.const === "status",
) as Schema;
