import { format, resolveConfig } from "prettier";
import { stringify } from "yaml";
import { asyncapi } from "./asyncapi.ts";
import { fileOf, releasedFile } from "./released.ts";
import { contract } from "./schemas.ts";

/** The file that describes the contract. */
export const asyncapiFile = fileOf("asyncapi.yaml");

const heading = "# Written by `npm run contract` from the code of libs/contracts. Do not edit.\n";

export const asyncapiText = () =>
  formatted(
    asyncapiFile,
    // To readers of YAML 1.1, a date without quotes is no text.
    heading + stringify(asyncapi, { aliasDuplicateObjects: false, lineWidth: 0, compat: "yaml-1.1" }),
  );

/** The contract as it is, for the file that keeps its version. */
export const releaseText = () => formatted(releasedFile(contract.version), JSON.stringify(contract));

const formatted = async (filepath: string, text: string) =>
  format(text, { ...(await resolveConfig(filepath, { editorconfig: true })), filepath });
