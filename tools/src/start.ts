import { once } from "node:events";
import { constants } from "node:os";
import { stateNames } from "@weather/contracts";
import { BadSettings } from "@weather/process/connect";
import { exitCode, type ExitCode } from "@weather/process/exit-code";
import { readable } from "@weather/process/log";
import { compare } from "./compare.ts";
import { Farm, serversPerState } from "./farm.ts";
import { findBroker, local, NoBroker, type FoundBroker } from "./find-broker.ts";
import { runApp } from "./run-app.ts";
import { startOptions } from "./start-options.ts";

// `npm start` starts a farm, shows how observations change a forecast, sends ten requests to each state, and stops everything.
// With --keep (`npm run farm`) it starts the farm, and stops it at Ctrl-C.
const { keep } = startOptions(process.argv.slice(2));

// Writing to a closed terminal fails. That must not prevent the farm's removal.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
const say = (text: string) => process.stderr.write(`${text}\n`);

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const stop = Promise.race(
  signals.map((signal) => once(process, signal).then(() => 128 + constants.signals[signal])),
);

let found: FoundBroker | undefined;
let farm: Farm | undefined;
try {
  found = await findBroker(process.env["AMQP_URL"], say, keep);
  farm = new Farm(found);
  const started = farm.start((server, line) => keep && say(`${server}: ${readable(line)}`));
  const interrupted = await Promise.race([started.then(() => undefined), stop]);
  if (interrupted === undefined) {
    say(`${serversPerState} servers of each state answer: ${stateNames.join(", ")}`);
    process.exitCode = keep
      ? await keepUp(found.shown, farm)
      : await Promise.race([askAll(found.url, farm.gateway), stop]);
  } else process.exitCode = interrupted;
} catch (error) {
  if (!(error instanceof Error)) throw error;
  say(error.message);
  process.exitCode = codeOf(error);
} finally {
  await farm?.stop();
  await found?.release();
}

function codeOf(error: Error): ExitCode {
  if (error instanceof BadSettings) return exitCode.usage;
  const noBroker =
    error instanceof NoBroker || ["BrokerUnreachableError", "AccessRefusedError"].includes(error.name);
  return noBroker ? exitCode.unavailable : exitCode.software;
}

async function askAll(url: string, gateway: string): Promise<number> {
  const [state] = stateNames;
  const address = `${gateway}/${state}?format=1`;
  const line = await fetch(address).then((reply) => reply.text());
  process.stdout.write(`$ curl "${address}"\n${line}\n`);
  await compare(url, say);
  return runApp(url, "client", "forecast", ...stateNames, "--count", "10");
}

async function keepUp(shown: string, { gateway, unavailablePort }: Farm): Promise<number> {
  const named = shown === local ? "" : `AMQP_URL=${shown} `;
  const another =
    unavailablePort === undefined
      ? ""
      : ` (port ${unavailablePort} is not available, so this is another one)`;
  say(`
For a browser${another}:

  ${gateway}/
  ${gateway}/farms

Ask from another terminal:

  ${named}npx weather forecast ohio --days 3
  ${named}npx weather states
  curl ${gateway}/ohio
  curl "${gateway}/v1/forecasts/ohio?days=3"

Ctrl-C drains the servers and ends.
`);
  await stop;
  say("draining");
  return 0;
}
