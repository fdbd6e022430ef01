import { writeFileSync } from "node:fs";
import { mapFiles } from "./map-text.ts";

for (const [file, text] of await mapFiles()) {
  writeFileSync(file, text);
  console.log(file);
}
