import { readJson, writeJson, type Tree } from "@nx/devkit";
import stringify from "json-stringify-pretty-compact";
import { statesFile } from "./contract.ts";
import { definitionsFile, type Definitions } from "./definitions.ts";
import { lockfile, type Lock } from "./lockfile.ts";
import { observerFile } from "./observer.ts";
import { entries, type Entry } from "./twins.ts";

/** What becomes of each file that holds something for every state. */
export interface Change {
  states: (text: string) => string;
  entry: (text: string, entry: Entry) => string;
  definitions: (definitions: Definitions) => Definitions;
  stations: (text: string) => string;
  lock: (lock: Lock) => Lock;
}

export function changeSharedFiles(tree: Tree, change: Change): void {
  const rewrite = (file: string, edit: (text: string) => string) => {
    const text = tree.read(file, "utf8");
    if (text !== null) tree.write(file, edit(text));
  };
  rewrite(statesFile, change.states);
  for (const [file, list] of entries) rewrite(file, (text) => list.reduce(change.entry, text));
  rewrite(definitionsFile, (text) => {
    const definitions = change.definitions(JSON.parse(text) as Definitions);
    return `${stringify(definitions, { maxLength: 200 })}\n`;
  });
  rewrite(observerFile, change.stations);
  writeJson(tree, lockfile, change.lock(readJson(tree, lockfile)));
}
