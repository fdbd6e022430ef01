import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import { farmRequest, statusRequest, strictFarmReply, strictStatusReply } from "@weather/contracts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { requests } from "./examples.ts";
import { asyncapiFile, asyncapiText, releaseText } from "./files.ts";
import { wholeContract as contract } from "./openapi.ts";

const written = readFileSync(asyncapiFile, "utf8");
const { document, diagnostics } = await new Parser().parse(written);
const messages = document?.messages().all() ?? [];

function schemaOf(message: string): z.ZodType {
  if (message === "status") return strictStatusReply;
  if (message === "status-question") return statusRequest;
  return message.startsWith("request") ? farmRequest : strictFarmReply;
}

describe("libs/contracts/asyncapi.yaml", () => {
  it("matches the code: `npm run contract` writes it", async () => {
    expect(written).toBe(await asyncapiText());
  });

  it("is AsyncAPI 3.0 without an error", () => {
    expect(diagnostics.filter(({ severity }) => Number(severity) === 0)).toEqual([]);
    expect(document?.version()).toBe("3.0.0");
    expect(
      document
        ?.operations()
        .all()
        .map((operation) => operation.reply()?.address()?.location()),
    ).toEqual(Array(document?.operations().length).fill("$message.header#/replyTo"));
  });

  for (const message of messages) {
    // The parser does not check the examples of AsyncAPI 3.
    it(`shows examples of a ${message.id()} that fit the contract, and the JSON Schema beside them`, () => {
      const payloads = message
        .examples()
        .all()
        .map((example) => example.payload());
      expect(payloads.length).toBeGreaterThan(0);
      const inJson = z.fromJSONSchema(message.payload()?.json() as z.core.JSONSchema.JSONSchema);
      const inCode = schemaOf(message.id());
      for (const payload of payloads) {
        const parts = Array.isArray(payload)
          ? (payload as [string, unknown][]).map(([, part]) => part)
          : [payload];
        for (const part of parts) expect(() => inCode.parse(part)).not.toThrow();
        expect(inJson.parse(payload)).toMatchObject(payload as object);
      }
    });
  }

  it("shows the request of docs/wire.md, and that page its version", () => {
    const readme = readFileSync(new URL("../../../docs/wire.md", import.meta.url), "utf8");
    expect(readme).toContain(`contract-version: ${contract.version}`);
    const [, json = ""] = /```json\n(.*?)```/s.exec(readme) ?? [];
    expect(JSON.parse(json)).toEqual(requests["five days"]);
  });
});

describe("the contract", () => {
  it("can be read again from its file", async () => {
    expect(JSON.parse(await releaseText())).toEqual(contract);
  });
});
