import type { UsState } from "@weather/tools/us-states";

/** npm's lockfile. `npm ci` refuses a workspace that is not in it. */
export const lockfile = "package-lock.json";

interface Lock {
  packages: Record<string, unknown>;
}

/** The two entries that npm writes for an app. */
const keysOf = ({ key }: UsState) => [`apps/${key}-server`, `node_modules/@weather/${key}-server`] as const;

export function withApp(lock: Lock, from: UsState, to: UsState): Lock {
  const [model, link] = keysOf(from).map((key) => JSON.stringify(lock.packages[key])) as [string, string];
  const [folder, module] = keysOf(to);
  const renamed = (text: string) =>
    JSON.parse(text.replaceAll(`${from.key}-server`, `${to.key}-server`)) as unknown;
  return sorted({
    ...lock,
    packages: { ...lock.packages, [folder]: renamed(model), [module]: renamed(link) },
  });
}

export function withoutApp(lock: Lock, state: UsState): Lock {
  const [folder, module] = keysOf(state);
  const { [folder]: _app, [module]: _link, ...packages } = lock.packages;
  return { ...lock, packages };
}

/** The lockfile with its entries in npm's order: the root, then by name. */
function sorted(lock: Lock): Lock {
  const packages = Object.entries(lock.packages).toSorted(([one], [other]) => one.localeCompare(other, "en"));
  return { ...lock, packages: Object.fromEntries(packages) };
}
