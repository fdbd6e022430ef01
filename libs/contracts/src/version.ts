/** Version of the contract. Raise it when an older client or server could not follow: `npm test` tells. */
export const contractVersion = 1;
