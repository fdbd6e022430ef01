import { ended } from "./test-duration.ts";

// The last line of an `npm test` that found nothing wrong.
console.log(`npm test took ${ended()}.`);
