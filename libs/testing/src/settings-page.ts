import { readFileSync } from "node:fs";

/** A variable in docs/settings.md. The default is empty if there is none. */
interface DocumentedSetting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

/** The variables in a section of docs/settings.md. @param heading without one, those of the servers, at the top */
export function documentedSettings(heading?: string): DocumentedSetting[] {
  const page = readFileSync(new URL("../../../docs/settings.md", import.meta.url), "utf8");
  const [top = "", ...sections] = page.split("\n## ");
  const section = heading === undefined ? top : sections.find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/settings.md has no section "${heading}"`);
  return [...section.matchAll(/^\| `([A-Z_]+)` +\| (.*?) *\| (.*?) *\|$/gm)].map(
    ([, name = "", standard = "", meaning = ""]) => ({
      name,
      default: standard.replaceAll("`", ""),
      meaning,
    }),
  );
}
