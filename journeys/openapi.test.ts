import { describe, expect } from "vitest";
import * as z from "zod";
import { test } from "./farm.ts";

type Json = Record<string, unknown>;
interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly examples: Readonly<Record<string, { value: unknown }>> }>
    >;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: Json }>> }>
  >;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Json; readonly parameters: Readonly<Record<string, Parameter>> };
}

const typeOf = ({ headers }: Response) => headers.get("content-type")?.split(";")[0] ?? "none";

/** The first event of a stream that does not end. */
async function firstOf({ body }: Response): Promise<string> {
  let text = "";
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (text.includes("data: ") && text.endsWith("\n\n")) break;
  }
  return text;
}

/** Parameters that must be given together. */
const together: readonly (readonly string[])[] = [["latitude", "longitude"]];

describe("openapi.json, which the gateway serves,", () => {
  test("is true: each example gets the answer that it describes", async ({ serve, gateway }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const { url } = await gateway();
    const served = await fetch(`${url}/openapi.json`);
    expect([served.status, typeOf(served)]).toEqual([200, "application/json"]);
    const description = (await served.json()) as Description;
    const { schemas, parameters } = description.components;

    /** @throws if a value does not fit a schema of the description */
    const fits = (schema: Json, value: unknown) => {
      const text = JSON.stringify({ ...schema, $defs: schemas }).replaceAll(
        "#/components/schemas/",
        "#/$defs/",
      );
      z.fromJSONSchema(JSON.parse(text) as z.core.JSONSchema.JSONSchema).parse(value);
    };
    const problemFits = (value: unknown) => fits({ $ref: "#/components/schemas/problem" }, value);

    /** Sends a request, and compares the answer with the description. */
    const ask = async (path: string, { responses }: Operation, init: RequestInit = {}, wanted?: string) => {
      const enough = new AbortController();
      const response = await fetch(url + path, { ...init, signal: enough.signal });
      const body = await (typeOf(response) === "text/event-stream" ? firstOf(response) : response.text());
      enough.abort();
      const type = typeOf(response);
      const told = responses["200"]?.content?.[type];
      expect({ path, status: response.status, type, described: told !== undefined, body: "" }).toEqual({
        path,
        status: 200,
        type: wanted ?? type,
        described: true,
        body: response.ok ? "" : body,
      });
      if (type === "application/json") fits(told?.schema ?? {}, JSON.parse(body));
      if (type === "text/event-stream")
        fits(told?.schema["contentSchema"] as Json, JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? ""));
      if (type === "application/x-ndjson")
        for (const line of body.trimEnd().split("\n")) fits(told?.schema ?? {}, JSON.parse(line));
    };

    for (const [template, methods] of Object.entries(description.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const all = (operation.parameters ?? []).map((one) =>
          "$ref" in one ? (parameters[one.$ref.split("/").at(-1) ?? ""] as Parameter) : one,
        );
        const examples = ({ examples }: Parameter) =>
          Object.values(examples).map(({ value }) => String(value));
        const paths = all
          .filter((one) => one.in === "path")
          .reduce(
            (paths, one) =>
              paths.flatMap((path) => examples(one).map((value) => path.replace(`{${one.name}}`, value))),
            [template],
          );
        const [path = ""] = paths;
        if (method === "post") {
          const [[type, { examples = {} }] = ["", {}]] = Object.entries(operation.requestBody?.content ?? {});
          for (const { value } of Object.values(examples))
            await ask(path, operation, {
              method,
              headers: { "content-type": type },
              body: JSON.stringify(value),
            });
          continue;
        }
        for (const one of paths) await ask(one, operation);
        const types = Object.keys(operation.responses["200"]?.content ?? {});
        for (const type of types) await ask(path, operation, { headers: { accept: type } }, type);
        const query = all.filter((one) => one.in === "query");
        for (const { name } of query) {
          const names = together.find((group) => group.includes(name)) ?? [name];
          const those = query.filter((one) => names.includes(one.name));
          for (const index of examples(those[0] as Parameter).keys()) {
            const words = new URLSearchParams(
              those.map((one): [string, string] => [one.name, examples(one)[index] ?? ""]),
            );
            await ask(`${path}?${words}`, operation);
          }
        }
        if (query.length === 0) continue;
        const unknown = (await (await fetch(`${url}${path}?nonsense=1`)).json()) as { detail: string };
        problemFits(unknown);
        const known = unknown.detail.replace("unknown parameter nonsense: there are ", "").split(", ");
        expect(known.sort()).toEqual(query.map(({ name }) => name).sort());
      }
    }

    for (const path of [
      "/v1/forecasts/texas",
      "/v1/forecasts/ohio?days=40",
      "/v1/forecasts/ohio?station=KXYZ",
    ])
      problemFits(await (await fetch(url + path)).json());
    const again = await fetch(`${url}/openapi.json`, {
      headers: { "if-none-match": served.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  });
});
