import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Contract } from "./schemas.ts";

const folder = new URL("../../../libs/contracts/", import.meta.url);

/** A file of libs/contracts. */
export const fileOf = (name: string) => fileURLToPath(new URL(name, folder));

/** The file that stores a version as it was released. */
export const releasedFile = (version: number) => fileOf(`contract.v${version}.json`);

/** The contract as it was last released. */
export function lastReleased(): Contract {
  const versions = readdirSync(folder).map((name) => Number(/^contract\.v(\d+)\.json$/.exec(name)?.[1] ?? 0));
  return JSON.parse(readFileSync(releasedFile(Math.max(...versions)), "utf8")) as Contract;
}
