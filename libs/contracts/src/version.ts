/**
 * Version of the contract. Raise it when requests get a field that an older server cannot read. Such a server then refuses the
 * request as `unsupported-version`. No version may break older clients or servers: `npm run contract:check` checks it.
 */
export const contractVersion = 2;
