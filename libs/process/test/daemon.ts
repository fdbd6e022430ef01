import * as z from "zod";
import { processSettings, run, setting, whole } from "../src/index.ts";

// A program as any room would write it: it says hello until it is asked to stop.
await run({
  app: "daemon",
  environment: process.env,
  settings: processSettings.extend({
    LINGER: setting(whole(0, 60_000)).default(0),
    HESITATE: setting(whole(0, 60_000)).default(0),
    FAIL: z.string().optional(),
  }),
  async start({ log, settings, connect }) {
    await connect();
    await new Promise((resolve) => setTimeout(resolve, settings.HESITATE));
    if (settings.FAIL) throw new Error(settings.FAIL);
    log.info("daemon answers");
    return { drain: () => new Promise((resolve) => setTimeout(resolve, settings.LINGER)) };
  },
});
