import { breaks } from "./breaks.ts";
import { wholeContract as contract } from "./openapi.ts";
import { lastReleased } from "./released.ts";

// The first step of `npm test`. Other tests also fail after a change of the contract, but do not say why.
const broken = breaks(lastReleased(), contract);
if (broken.length > 0) {
  console.error(
    `Older clients or servers cannot follow this contract:\n\n  ${broken.join("\n  ")}\n\n` +
      "Undo that. For a new meaning, add an optional field to a request, or a field to a reply.",
  );
  process.exitCode = 1;
}
