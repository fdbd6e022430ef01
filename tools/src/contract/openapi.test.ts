import { readFileSync } from "node:fs";
import { Spectral, type RulesetDefinition } from "@stoplight/spectral-core";
import { oas } from "@stoplight/spectral-rulesets";
import { describe, expect, it } from "vitest";
import { openapiFile, openapiText } from "./files.ts";
import { statuses } from "./openapi.ts";

const written = readFileSync(openapiFile, "utf8");

describe("apps/gateway/openapi.json", () => {
  it("matches the code: `npm run contract` writes it", async () => {
    expect(written).toBe(await openapiText());
  });

  it("has nothing that Spectral's recommended rules find", async () => {
    const spectral = new Spectral();
    spectral.setRuleset({ extends: [oas as RulesetDefinition], rules: {} });
    const found = await spectral.run(JSON.parse(written) as Record<string, unknown>);
    expect(found.map(({ code, message, path }) => `${path.join("/")}: ${code}: ${message}`)).toEqual([]);
  });

  it("explains each status as docs/http.md does", () => {
    const page = readFileSync(new URL("../../../docs/http.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| (\d{3}) +\| (.*?) +\|$/gm)].map(([, status, text]) => [status, text]);
    expect(Object.fromEntries(rows)).toEqual(statuses);
  });
});
