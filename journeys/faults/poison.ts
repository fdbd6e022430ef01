/** Seeds that break the model of fragile-server.ts, by their effect. */
export const poison = { throws: 4_000_000_001, hangs: 4_000_000_002, ends: 4_000_000_003 };
