import { runStateServer } from "@weather/state-server";
import climate from "./climate.json" with { type: "json" };

// Ohio answers forecast requests until it is asked to stop, then finishes the ones it holds.
await runStateServer({ state: "ohio", climate, environment: process.env });
