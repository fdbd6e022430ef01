import { endWith, settingsFrom, startStateServer, stopRequested } from "@weather/state-server";
import climate from "./climate.json" with { type: "json" };

// Virginia answers forecast requests until it is asked to stop, then finishes the ones it holds.
const stop = stopRequested();
try {
  const settings = settingsFrom(process.env);
  const server = await startStateServer({ state: "virginia", climate, settings, stop });
  await stop;
  await server.drain();
} catch (error) {
  endWith(error);
}
