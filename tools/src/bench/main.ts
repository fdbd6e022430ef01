import { Command } from "@commander-js/extra-typings";
import { forecastSuite } from "./forecast.ts";
import { scaleSuite } from "./scale.ts";

const suites = { forecast: forecastSuite, scale: scaleSuite };

await new Command("bench")
  .description("Measures, and prints Markdown tables. Compare ratios within one run: machines are noisy.")
  .argument("[suites...]", `which: ${Object.keys(suites).join(", ")} (default: all)`)
  .option("--quick", "a minute's look")
  .action(async (names, { quick = false }) => {
    const chosen = names.length > 0 ? names : Object.keys(suites);
    const unknown = chosen.find((name) => !Object.hasOwn(suites, name));
    if (unknown) throw new Error(`no suite "${unknown}": there are ${Object.keys(suites).join(", ")}`);
    for (const name of chosen) await suites[name as keyof typeof suites](quick);
  })
  .parseAsync();
