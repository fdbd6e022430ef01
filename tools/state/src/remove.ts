import { formatFiles, logger, readJson, writeJson, type Tree } from "@nx/devkit";
import { usState } from "@weather/tools/us-states";
import stringify from "json-stringify-pretty-compact";
import { statesFile, statesIn, withoutState } from "./contract.ts";
import { definitionsFile, withoutUser } from "./definitions.ts";
import { lockfile, withoutApp } from "./lockfile.ts";
import { observerFile, withoutStations } from "./observer.ts";
import { entries, ownOf, withoutEntry } from "./twins.ts";

/** Removes a state, and everything that was made for it. @throws Error if it is no US state, or the last one */
export default async function remove(tree: Tree, options: { state: string }): Promise<void> {
  const state = usState(options.state);
  const contract = tree.read(statesFile, "utf8") ?? "";
  const others = statesIn(contract).filter(({ key }) => key !== state.key);
  if (others.length === statesIn(contract).length) {
    logger.info(`${state.name} has no farm: nothing to do`);
    return;
  }
  if (others.length === 0) throw new Error(`${state.name} is the last state: a farm of none is none`);

  for (const own of ownOf(state)) tree.delete(own);
  tree.write(statesFile, withoutState(contract, state));
  for (const [file, list] of entries) {
    const text = tree.read(file, "utf8");
    if (text === null) continue;
    tree.write(
      file,
      list.reduce((whole, entry) => withoutEntry(whole, entry, state), text),
    );
  }
  tree.write(
    definitionsFile,
    `${stringify(withoutUser(readJson(tree, definitionsFile), state), { maxLength: 200 })}\n`,
  );
  tree.write(observerFile, withoutStations(tree.read(observerFile, "utf8") ?? "", state));
  writeJson(tree, lockfile, withoutApp(readJson(tree, lockfile), state));
  await formatFiles(tree);
}
