import { processSettings } from "@weather/process";
import { documentedSettings } from "@weather/testing";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "./settings.ts";

const documented = documentedSettings("The observer");
const own = Object.entries(settingsSchema.shape).filter(
  ([name]) => !Object.hasOwn(processSettings.shape, name),
);

describe("docs/settings.md", () => {
  it("lists the observer's own settings, as the schema describes them", () => {
    expect(documented.map(({ name, meaning }) => [name, meaning])).toEqual(
      own.map(([name, schema]) => [name, schema.description]),
    );
  });

  it("names their defaults", () => {
    for (const [name, schema] of own) {
      const text = documented.find((row) => row.name === name)?.default || undefined;
      expect([name, schema.parse(text)]).toEqual([name, schema.parse(undefined)]);
    }
  });
});
