import { run } from "@weather/process";
import { startGateway } from "./gateway.ts";
import { gatewaySettings } from "./settings.ts";

// Translates HTTP requests into requests to the farms until it is asked to stop, then finishes the ones it holds.
await run({
  app: "gateway",
  settings: gatewaySettings,
  environment: process.env,
  probes: "own",
  start: startGateway,
});
