import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../.cache/npm-test", import.meta.url));
const [running, last] = [`${folder}/running`, `${folder}/last`];

/** Duration of the last complete `npm test` on this machine, such as `12 min`. */
export const lastDuration = (): string | undefined =>
  existsSync(last) ? readFileSync(last, "utf8") : undefined;

/** Notes that `npm test` begins. */
export function started(): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(running, "");
}

/** Notes that `npm test` has ended. @returns how long it took */
export function ended(): string {
  const seconds = (Date.now() - statSync(running).mtimeMs) / 1_000;
  const took = seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
  writeFileSync(last, took);
  rmSync(running);
  return took;
}
