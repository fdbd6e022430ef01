import { formatFiles, logger, type Tree } from "@nx/devkit";
import { usState } from "@weather/tools/us-states";
import { statesFile, statesIn, withoutState } from "./contract.ts";
import { withoutUser } from "./definitions.ts";
import { withoutApp } from "./lockfile.ts";
import { withoutStations } from "./observer.ts";
import { changeSharedFiles } from "./shared-files.ts";
import { ownOf, withoutEntry } from "./twins.ts";

/** Removes a state, and everything that was made for it. @throws Error if it is no US state, or the last one */
export default async function remove(tree: Tree, options: { state: string }): Promise<void> {
  const state = usState(options.state);
  const states = statesIn(tree.read(statesFile, "utf8") ?? "");
  const others = states.filter(({ key }) => key !== state.key);
  if (others.length === states.length) {
    logger.info(`${state.name} has no farm: nothing to do`);
    return;
  }
  if (others.length === 0) throw new Error(`${state.name} is the last state: a farm of none is none`);

  for (const own of ownOf(state)) tree.delete(own);
  changeSharedFiles(tree, {
    states: (text) => withoutState(text, state),
    entry: (text, entry) => withoutEntry(text, entry, state),
    definitions: (definitions) => withoutUser(definitions, state),
    stations: (text) => withoutStations(text, state),
    lock: (lock) => withoutApp(lock, state),
  });
  await formatFiles(tree);
}
