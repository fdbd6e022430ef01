import { parts } from "@weather/testing";
import { lastDuration, started } from "./test-duration.ts";

// The first lines of `npm test`: how long it took the last time, and which parts this machine cannot run.
const cannot = Object.values(parts).filter(({ canRun }) => !canRun());
const last = lastDuration();
const took = last === undefined ? "It has not run to its end here yet." : `The last time it took ${last}.`;
console.log(`npm test checks format, contract, types and lint, and runs all tests but those of what has not changed. ${took}
npm run test:quick takes about a minute: types, and the tests beside the sources.`);
for (const { what, needs } of cannot) console.log(`Skipped here: ${what} (needs ${needs}).`);
if (cannot.length === 0) console.log("Nothing is skipped here.");
started();
