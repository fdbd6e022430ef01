import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../run-command.ts";
import { breaks } from "./breaks.ts";
import { asyncapiFile, asyncapiText, openapiFile, openapiText, releaseText } from "./files.ts";
import { wholeContract as contract } from "./openapi.ts";
import { lastReleased, releasedFile } from "./released.ts";

const command = new Command("contract")
  .description(
    "Writes libs/contracts/asyncapi.yaml and apps/gateway/openapi.json, which describe the contract, from its code.",
  )
  .option("--release", "also keep the contract as released: later changes are compared with it")
  .action(async ({ release }) => {
    write(asyncapiFile, await asyncapiText());
    write(openapiFile, await openapiText());
    if (!release) return;
    const broken = breaks(lastReleased(), contract);
    if (broken.length > 0)
      throw new Error(`older clients or servers cannot follow it:\n${broken.join("\n")}`);
    write(releasedFile(contract.version), await releaseText());
  });

function write(file: string, text: string) {
  writeFileSync(file, text);
  console.log(relative(process.cwd(), file));
}

await runCommand(command);
