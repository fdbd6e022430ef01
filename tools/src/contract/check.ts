import { breaks } from "./breaks.ts";
import { lastReleased } from "./released.ts";
import { contract } from "./schemas.ts";

// `npm test` begins with it: after a change of the contract, other tests fail as well, and none of them says this.
const broken = breaks(lastReleased(), contract);
if (broken.length > 0) {
  console.error(
    `Older clients or servers cannot follow this contract:\n\n  ${broken.join("\n  ")}\n\n` +
      "Undo that. What is to mean something else gets a new optional field in a request, or a new field in a reply.",
  );
  process.exitCode = 1;
}
