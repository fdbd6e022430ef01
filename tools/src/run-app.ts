import { spawn } from "node:child_process";
import { ended } from "@weather/local-broker";

/** Runs an app of this workspace to its end, and shows only the weather command's output. @returns its exit code */
export async function runApp(url: string, app: string, ...words: string[]): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", `apps/${app}/src/main.ts`, ...words], {
    stdio: app === "client" ? "inherit" : ["ignore", "ignore", "inherit"],
    env: { ...process.env, AMQP_URL: url, AMQP_ROUTES: "" },
  });
  const end = await ended(child);
  return typeof end === "number" ? end : 70;
}
