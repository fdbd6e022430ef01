import { resolve } from "node:path";
import { Argument, Command } from "@commander-js/extra-typings";
import { forecastSuite } from "./forecast.ts";
import { gatewaySuite } from "./gateway.ts";
import { growthSuite } from "./growth.ts";
import { Report } from "./measured.ts";
import { rpcSuite } from "./rpc.ts";
import { scaleSuite } from "./scale.ts";
import { soakSuite } from "./soak.ts";

const suites = {
  rpc: rpcSuite,
  forecast: forecastSuite,
  scale: scaleSuite,
  growth: growthSuite,
  soak: soakSuite,
  gateway: gatewaySuite,
};

const names = Object.keys(suites) as (keyof typeof suites)[];

await new Command("bench")
  .description("Measures, and prints Markdown tables. Compare ratios within one run: machines are noisy.")
  .addArgument(new Argument("[suites...]", "which; all if none is named").choices(names))
  .option("--quick", "a minute's look")
  .option("--json <file>", "write the figures there, too")
  .action(async (chosen, { quick = false, json }, command) => {
    const report = new Report();
    for (const name of chosen.length > 0 ? chosen : names) await suites[name](quick, report);
    // From where npm was called; it runs in the folder of its package.
    if (json !== undefined) report.write(resolve(process.env["INIT_CWD"] ?? "", json));
    if (report.wrong > 0) command.error(`error: ${report.wrong} requests were not answered as they should`);
  })
  .parseAsync();
