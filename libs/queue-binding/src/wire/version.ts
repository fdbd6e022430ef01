import type { Conversation } from "../conversation.ts";
import type { Properties } from "./properties.ts";

/** Header with the version of a request's contract. A request without it counts as the server's own version. */
export const versionHeader = "contract-version";

/** Why a server cannot read a request of this version. Nothing if it can. */
export function versionIssue(
  { version }: Pick<Conversation, "version">,
  { headers }: Properties,
): string | undefined {
  const asked = headers?.[versionHeader];
  if (version === undefined || asked === undefined) return undefined;
  // Some clients write every header as text.
  const number = typeof asked === "string" && /^\d{1,9}$/.test(asked) ? Number(asked) : asked;
  const own = `this server speaks version ${version}`;
  if (!Number.isInteger(number) || (number as number) < 1)
    return `${versionHeader} is not a whole number from 1: ${own}`;
  return (number as number) > version
    ? `the request is of contract version ${number as number}: ${own}`
    : undefined;
}
