import { formatFiles, logger, readJson, visitNotIgnoredFiles, writeJson, type Tree } from "@nx/devkit";
import { overlap } from "@weather/contracts";
import type { Climate } from "@weather/forecast-model";
import { climateText, fitClimate } from "@weather/tools/climate";
import { usState, type UsState } from "@weather/tools/us-states";
import stringify from "json-stringify-pretty-compact";
import { borrowedClimate } from "./borrow.ts";
import { statesFile, statesIn, withState } from "./contract.ts";
import { definitionsFile, withUser } from "./definitions.ts";
import { lockfile, withApp } from "./lockfile.ts";
import { observerFile, withStations } from "./observer.ts";
import { entries, ownOf, twinOf, withEntry } from "./twins.ts";
import { whatWasMade } from "./what-was-made.ts";

interface ServerOptions {
  state: string;
  daily?: string;
  normals?: string;
  stations?: string[];
}

/**
 * Adds a state: a copy of everything that another state has, with every name replaced.
 *
 * @returns a function that Nx calls once the files are written. It prints a summary
 * @throws Error if it is not a US state, if its farm would get requests of another one, or if there is no climate for it
 */
export default async function server(tree: Tree, options: ServerOptions): Promise<() => void> {
  const state = usState(options.state);
  const contract = tree.read(statesFile, "utf8") ?? "";
  const states = statesIn(contract);
  const app = `apps/${state.key}-server`;
  if (tree.exists(app) && states.some(({ key }) => key === state.key)) {
    return () => logger.info(`${state.name} has a farm already: nothing to do`);
  }
  const model = states.find(({ key }) => key !== state.key);
  if (!model) throw new Error("there is no other state whose server could be the model");
  refuseOverlap(state, states);
  const climate = climateFor(state, options, tree, states);

  const copy = (file: string) => {
    if (file.endsWith("climate.json")) return;
    tree.write(twinOf(file, model, state), twinOf(tree.read(file, "utf8") ?? "", model, state));
  };
  for (const own of ownOf(model)) {
    if (tree.isFile(own)) copy(own);
    else visitNotIgnoredFiles(tree, own, copy);
  }
  tree.write(`${app}/src/climate.json`, climateText(climate));

  if (!states.some(({ key }) => key === state.key)) tree.write(statesFile, withState(contract, state));
  for (const [file, list] of entries) {
    const text = tree.read(file, "utf8");
    if (text === null) continue;
    tree.write(
      file,
      list.reduce((whole, entry) => withEntry(whole, entry, model, state), text),
    );
  }
  tree.write(
    definitionsFile,
    `${stringify(withUser(readJson(tree, definitionsFile), model, state), { maxLength: 200 })}\n`,
  );
  tree.write(observerFile, withStations(tree.read(observerFile, "utf8") ?? "", state, climate));
  writeJson(tree, lockfile, withApp(readJson(tree, lockfile), model, state));
  await formatFiles(tree);
  return () => logger.info(whatWasMade(state, climate));
}

function climateFor(
  state: UsState,
  { daily, normals, stations }: ServerOptions,
  tree: Tree,
  states: readonly UsState[],
): Climate {
  if (daily !== undefined && normals !== undefined) {
    return fitClimate({ daily: [daily], normals, stations, state: state.key });
  }
  if (daily !== undefined || normals !== undefined) {
    throw new Error("to fit the climate takes both --daily and --normals");
  }
  const others = states.filter(({ key }) => key !== state.key);
  return borrowedClimate(
    state,
    others.map(({ key }) => readJson<Climate>(tree, `apps/${key}-server/src/climate.json`)),
  );
}

function refuseOverlap({ key }: UsState, states: readonly UsState[]): void {
  for (const other of states) {
    if (other.key === key || !overlap(`#.${key}`, `#.${other.key}`)) continue;
    throw new Error(`the farms of ${key} and ${other.key} would get each other's requests`);
  }
}
