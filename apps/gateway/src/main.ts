import { run } from "@weather/process";
import { startGateway } from "./gateway.ts";
import { gatewaySettings } from "./settings.ts";

// Answers HTTP requests from the farms behind RabbitMQ until it is asked to stop, then finishes those at hand.
await run({
  app: "gateway",
  settings: gatewaySettings,
  environment: process.env,
  probes: "own",
  start: startGateway,
});
