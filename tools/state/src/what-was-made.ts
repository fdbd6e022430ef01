import type { Climate } from "@weather/forecast-model";
import { usState, type UsState } from "@weather/tools/us-states";

/** Summary for a new state: its files, the source of its climate, and the next commands. */
export const whatWasMade = ({ key, name }: UsState, { stations }: Climate) => `
${name} has a farm: a server (apps/${key}-server), a Compose service,
a Kubernetes deployment, a broker user and an entry in the contract.

${climateOf(key, stations)}

Next, in two terminals:
  npm run farm
  npx weather forecast ${key}
With Docker: docker compose up --build
`;

function climateOf(key: string, stations: Climate["stations"]): string {
  const sources = stations.map(({ id, borrowed }) => (borrowed ? `${id} (${usState(borrowed).name})` : id));
  if (!stations.some(({ borrowed }) => borrowed)) return `Its climate was fitted to ${sources.join(", ")}.`;
  return `Its climate is borrowed: ${sources.join(", ")}. Every forecast says so.
For one of its own, with daily series of USCRN or GHCN-Daily in the folder DIR
and monthly normals of NCEI in FILE:
  npm run climate:fit -- --daily DIR --normals FILE --state ${key}`;
}
