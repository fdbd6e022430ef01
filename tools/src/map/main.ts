import { writeFileSync } from "node:fs";
import { mapFile, mapText } from "./map-text.ts";

writeFileSync(mapFile, await mapText());
console.log(mapFile);
