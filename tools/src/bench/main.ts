import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { forecastSuite } from "./forecast.ts";
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
};

await new Command("bench")
  .description("Measures, and prints Markdown tables. Compare ratios within one run: machines are noisy.")
  .argument("[suites...]", `which: ${Object.keys(suites).join(", ")} (default: all)`)
  .option("--quick", "a minute's look")
  .option("--json <file>", "write the figures there, too")
  .action(async (names, { quick = false, json }) => {
    const report = new Report();
    const chosen = names.length > 0 ? names : Object.keys(suites);
    const unknown = chosen.find((name) => !Object.hasOwn(suites, name));
    if (unknown) throw new Error(`no suite "${unknown}": there are ${Object.keys(suites).join(", ")}`);
    for (const name of chosen) await suites[name as keyof typeof suites](quick, report);
    // From where npm was called; it runs in the folder of its package.
    if (json !== undefined) report.write(resolve(process.env["INIT_CWD"] ?? "", json));
    if (report.wrong > 0) throw new Error(`${report.wrong} requests were not answered as they should`);
  })
  .parseAsync();
