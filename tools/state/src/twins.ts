import type { UsState } from "@weather/tools/us-states";

/** A state's name in environment variables: NORTH_CAROLINA. */
const upper = ({ key }: UsState) => key.toUpperCase().replaceAll("-", "_");

/** The same text for another state: every "ohio" is replaced, in each spelling. */
export const twinOf = (text: string, from: UsState, to: UsState) =>
  text.replaceAll(from.name, to.name).replaceAll(upper(from), upper(to)).replaceAll(from.key, to.key);

/** Something that a file holds once for each state. */
interface Entry {
  /** The entry of a state. */
  of: (state: UsState) => RegExp;
  /** The entries of all states. */
  all: RegExp;
  /** Separator of two entries. */
  between?: string;
}

const line = (start: (state: string) => string, end: string): Entry => ({
  of: ({ key }) => new RegExp(`^${start(key)}${end}.*\n`, "m"),
  all: new RegExp(`^${start("[a-z-]+")}${end}.*\n`, "gm"),
});
const variable = (indent: string, end: string): Entry => ({
  of: (state) => new RegExp(`^${indent}${upper(state)}_SERVER_PASSWORD${end}.*\n`, "m"),
  all: new RegExp(`^${indent}[A-Z_]+_SERVER_PASSWORD${end}.*\n`, "gm"),
});
const block = (start: (state: string) => string): Entry => ({
  of: ({ key }) => new RegExp(`\n^${start(key)}\n(?: {4,}.*\n)+`, "m"),
  all: new RegExp(`\n^${start("[a-z-]+")}\n(?: {4,}.*\n)+`, "gm"),
});

const section = (start: (state: string) => string): Entry => ({
  of: ({ key }) => new RegExp(`^ {2}${start(key)}:\n(?: {4,}.*\n)+`, "m"),
  all: new RegExp(`^ {2}${start("[a-z-]+")}:\n(?: {4,}.*\n)+`, "gm"),
});

const service = block((state) => ` {2}${state}-server:`);

/** The files that have entries for each state, with these entries. */
export const entries: readonly (readonly [file: string, entries: readonly Entry[]])[] = [
  [
    "docker-compose.yml",
    [
      service,
      variable(" {6}", ":"),
      line((state) => ` {6}${state}-server: \\{`, ""),
      line((state) => ` {6}- ${state}`, "$"),
    ],
  ],
  ["docker-compose.cluster.yml", [service]],
  ["docker-compose.swarm.yml", [service]],
  ["deploy/kubernetes/kustomization.yaml", [line((state) => ` {2}- ${state}-server`, "\\.yaml")]],
  [".env.example", [variable("", "=")]],
  // As `npm run contract` would write it.
  [
    "libs/contracts/asyncapi.yaml",
    ["weather\\.", "queue\\.weather\\.", "answer-", "report-"]
      .map((start) => section((state) => start + state))
      .concat(section((state) => `status\\.${state}\\.servers`)),
  ],
];

/** The files and folders that belong to one state only. */
export const ownOf = ({ key }: UsState) =>
  [`apps/${key}-server`, `deploy/kubernetes/${key}-server.yaml`] as const;

/** The text with an entry for a new state after the last one. It is made from the entry of another state. */
export function withEntry(text: string, { of, all }: Entry, from: UsState, to: UsState): string {
  const model = of(from).exec(text)?.[0];
  if (model === undefined || of(to).test(text)) return text;
  const last = [...text.matchAll(all)].at(-1);
  const end = (last?.index ?? 0) + (last?.[0].length ?? 0);
  return text.slice(0, end) + twinOf(model, from, to) + text.slice(end);
}

/** The text without a state's entry. */
export const withoutEntry = (text: string, { of }: Entry, state: UsState) => text.replace(of(state), "");
