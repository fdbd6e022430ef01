import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../run-command.ts";
import { usState } from "../us-states.ts";
import { readCorrelations, shippedCorrelations } from "./correlations-file.ts";
import { readDailyFiles } from "./daily-files.ts";
import { observerOf, reportOn } from "./report-station.ts";
import { together } from "./station-report.ts";
import { airportTable, hearingTable, reliabilityTable, scoreTables, simulationTable } from "./tables.ts";
import { airportTargets, judge, targets } from "./targets.ts";
import { shippedClimate, shippedClimates, verifyAirports } from "./verify-airports.ts";

const command = new Command("climate:verify")
  .description(
    "Trains on the early years of each daily series, forecasts every later day, and scores the forecasts. Exits 1 if a target is missed.",
  )
  .requiredOption(
    "--daily <paths...>",
    "daily series (USCRN or GHCN-Daily), the state's code in the file names: folders or files; all of them are heard",
  )
  .option("--state <names...>", "states whose stations are verified, or all", ["ohio", "virginia"])
  .option("--members <count>", "size of the ensemble", Number, 200)
  .option(
    "--airports <file>",
    "observations that the shipped climates of the states are verified with, in the form of the NWS's verified forecasts",
  )
  .option("--correlations <file>", "fitted correlations", shippedCorrelations)
  .action(({ daily, state, members, airports, correlations: file }) => {
    const correlations = readCorrelations(file);
    const all = readDailyFiles(daily).map(observerOf);
    const codes = state.includes("all") ? undefined : state.map((name) => usState(name).code);
    const verified = all.filter(({ series }) => !codes || codes.includes(series.state));
    if (verified.length === 0)
      throw new Error(`${daily.join(", ")}: no daily series of ${state.join(" or ")}`);
    for (const { series } of all.filter(({ series }) => series.placeGuessed))
      console.log(`${series.station}: its place is not known, that of the state's capital is taken`);
    const reports = verified.map((target) => {
      const others = all.filter((other) => other !== target);
      const report = reportOn(target, others, correlations, members);
      console.log(`\n${report.name}: trained on ${report.training}, verified on ${report.later}`);
      console.log(scoreTables(report.scores));
      console.log(simulationTable(report));
      return report;
    });
    const pooled = together(reports.map(({ scores }) => scores));
    console.log(`\nAll ${reports.length} stations together`);
    console.log(scoreTables(pooled));
    console.log(reliabilityTable(pooled));
    console.log("\nWhat is heard, CRPS or Brier skill over climatology, and coverage of the 10-90 % range");
    console.log(hearingTable(reports));
    const judged = targets(reports);
    if (airports !== undefined) {
      const climates = codes ? state.map((name) => shippedClimate(usState(name).key)) : shippedClimates();
      const report = verifyAirports(airports, climates, correlations, members);
      console.log(`\nThe shipped climate of ${report.airports.join(", ")} on ${report.days} days`);
      console.log(airportTable(report));
      judged.push(...airportTargets(report));
    }
    judge(judged);
  });

await runCommand(command);
