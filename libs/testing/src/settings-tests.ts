import { describe, expect, it } from "vitest";
import { documentedSettings } from "./settings-page.ts";

/** The part of a zod schema that these tests read. */
interface Setting {
  readonly description?: string | undefined;
  readonly parse: (text: unknown) => unknown;
}

/**
 * Tests that a section of docs/settings.md has the settings of a schema.
 *
 * @param common settings that another section lists
 */
export function testSettingsPage(
  heading: string,
  shape: Readonly<Record<string, Setting>>,
  common: object,
): void {
  const documented = documentedSettings(heading);
  const own = Object.entries(shape).filter(([name]) => !Object.hasOwn(common, name));

  describe(`docs/settings.md, ${heading}`, () => {
    it("lists its own settings, as the schema describes them", () => {
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
}
