import { parts } from "@weather/testing";

// The first lines of `npm test`: how long it takes, and which parts this machine cannot run.
const cannot = Object.values(parts).filter(({ canRun }) => !canRun());
console.log(`npm test checks format, contract, types and lint, and runs all tests: about 15 minutes on two cores, 8 without
Docker, less for what has not changed since. npm run test:quick takes one: types, and the tests beside the sources.`);
for (const { what, needs } of cannot) console.log(`Skipped here: ${what} (needs ${needs}).`);
if (cannot.length === 0) console.log("Nothing is skipped here.");
