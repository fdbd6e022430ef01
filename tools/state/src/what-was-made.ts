import type { Climate } from "@weather/forecast-model";
import { usState, type UsState } from "@weather/tools/us-states";
import { entries } from "./twins.ts";

/** What a new state has, where its climate comes from, and what to do next. */
export function whatWasMade({ key, name }: UsState, { stations }: Climate): string {
  const files = entries.map(([file]) => file).filter((file) => file.startsWith("docker-compose"));
  return `
${name} has a farm:
  apps/${key}-server                    its server
  ${files.join(", ")}
  deploy/kubernetes/${key}-server.yaml  its deployment
  deploy/rabbitmq/definitions.json      its broker user
  libs/contracts                        its name, so that everybody can ask for it

${sources(key, stations)}

Next: npm run farm, and in another terminal npx weather forecast ${key}
With Docker: docker compose up --build
`;
}

function sources(key: string, stations: Climate["stations"]): string {
  const borrowed = stations.filter(({ borrowed }) => borrowed !== undefined);
  if (borrowed.length === 0) return `Its climate was fitted to ${stations.map(({ id }) => id).join(", ")}.`;
  const from = borrowed.map(({ id, borrowed = "" }) => `${id} (${usState(borrowed).name})`).join(", ");
  return `Its climate is borrowed from ${from}, and every forecast says so. For one of its own:
  npm run climate:fit -- --daily DIR --normals FILE --state ${key}
DIR has daily series of USCRN or GHCN-Daily, FILE monthly normals of NCEI.`;
}
