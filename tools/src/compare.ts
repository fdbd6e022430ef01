import { setTimeout as pause } from "node:timers/promises";
import { runApp } from "./run-app.ts";

const recorded = "apps/observer/recorded/january-2024.csv";

/** Shows a forecast from the climate, and one that starts from observations. */
export async function compare(url: string, say: (text: string) => void): Promise<void> {
  const akron = ["forecast", "ohio", "--station", "KCAK", "--start", "2024-01-16", "--days", "2"];
  say("Akron, 16 January 2024, as on any such day:");
  // A broker that others use may have the observations already.
  await runApp(url, "client", ...akron, "--model", "climate");
  say(`The observer replays ${recorded}: cold air has come. Akron again:`);
  if ((await runApp(url, "observer", "--source", recorded)) !== 0)
    return say("the observer could not publish");
  await pause(1_000); // for every server to hear it
  await runApp(url, "client", ...akron);
}
