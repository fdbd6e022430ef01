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
    // Readers of YAML 1.1 do not take a date without quotes as text.
    heading + stringify(asyncapi, { aliasDuplicateObjects: false, lineWidth: 0, compat: "yaml-1.1" }),
  );

export const openapiText = () => formatted(openapiFile, JSON.stringify(openapi));

/** The present contract, as the file of its version stores it. */
export const releaseText = () =>
  formatted(releasedFile(wholeContract.version), JSON.stringify(wholeContract));

const formatted = async (filepath: string, text: string) =>
  format(text, { ...(await resolveConfig(filepath, { editorconfig: true })), filepath });
