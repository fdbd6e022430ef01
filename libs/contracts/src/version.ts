/**
 * Version of the contract. Raise it with an addition to requests that an older server cannot read: it then refuses such
 * a request as `unsupported-version`. No version may break what is there: `npm run contract:check` compares them.
 */
export const contractVersion = 2;
