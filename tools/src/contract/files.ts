import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { stringify } from "yaml";
import { asyncapi } from "./asyncapi.ts";
import { openapi, wholeContract } from "./openapi.ts";
import { fileOf, releasedFile } from "./released.ts";

/** The files that describe the contract over AMQP, and over HTTP. */
export const asyncapiFile = fileOf("asyncapi.yaml");
export const openapiFile = fileURLToPath(new URL("../../../apps/gateway/openapi.json", import.meta.url));

const heading = "# Written by `npm run contract` from the code of libs/contracts. Do not edit.\n";

export const asyncapiText = () =>
  formatted(
    asyncapiFile,
    // To readers of YAML 1.1, a date without quotes is no text.
    heading + stringify(asyncapi, { aliasDuplicateObjects: false, lineWidth: 0, compat: "yaml-1.1" }),
  );

export const openapiText = () => formatted(openapiFile, JSON.stringify(openapi));

/** The contract as it is, for the file that keeps its version. */
export const releaseText = () =>
  formatted(releasedFile(wholeContract.version), JSON.stringify(wholeContract));

const formatted = async (filepath: string, text: string) =>
  format(text, { ...(await resolveConfig(filepath, { editorconfig: true })), filepath });
