import { Command } from "@commander-js/extra-typings";
import { fitSeries } from "./fit-series.ts";
import { normalsOf, withNormals } from "./with-normals.ts";
import { between, periodOf, splitOf, type DailySeries } from "./series.ts";
import { hindcast } from "./hindcast.ts";
import { simulate, standardized, statisticsOf } from "./simulation.ts";
import { readDailyFiles } from "./daily-files.ts";
import { airportTable, reliabilityTable, scoreTables, simulationTable } from "./tables.ts";
import { targets } from "./targets.ts";
import { together, type StationReport } from "./station-report.ts";
import { usState } from "../us-states.ts";

const command = new Command("climate:verify")
  .description(
    "Trains on the early years of each daily series, forecasts every later day, and scores the forecasts.",
  )
  .requiredOption(
    "--daily <folder>",
    "daily series (USCRN or GHCN-Daily), the state's code in the file names",
  )
  .option("--state <names...>", "states whose series are used", ["ohio", "virginia"])
  .option("--members <count>", "size of the ensemble", Number, 200)
  .action(({ daily, state, members }) => {
    const reports = state
      .map((name) => readDailyFiles(daily, usState(name).code))
      .flatMap((pool) => pool.map((series) => reportOn(series, pool, members)));
    for (const report of reports) {
      console.log(`\n${report.name}: trained on ${report.training}, verified on ${report.later}`);
      console.log(scoreTables(report.scores));
      console.log(simulationTable(report));
    }
    const all = together(reports);
    console.log(`\nAll ${reports.length} stations together`);
    console.log(scoreTables(all));
    console.log(reliabilityTable(all));
    console.log(
      "\nAs an airport: means of the station's training years, all else from the other stations of its state",
    );
    console.log(airportTable(reports));
    console.log("\nTargets");
    for (const { target, met, measured } of targets(reports)) {
      console.log(`  ${met ? "met    " : "NOT MET"}  ${target}: ${measured}`);
    }
  });

try {
  command.parse();
} catch (error) {
  command.error(`climate:verify: ${error instanceof Error ? error.message : String(error)}`);
}

function reportOn(series: DailySeries, pool: readonly DailySeries[], members: number): StationReport {
  const split = splitOf(series);
  const training = between(series, "0001-01-01", split);
  const later = between(series, split, "9999-12-31");
  const parameters = fitSeries([training]);
  const others = pool.filter((other) => other !== series);
  const simulated = simulate(parameters, later, 200).map((one) => statisticsOf(one, parameters));
  const observed = statisticsOf(later, parameters);
  // The parameters come from a sample too: its error adds to that of the years that are verified.
  const widening = Math.sqrt(1 + later.high.length / training.high.length);
  const compare = (of: (statistics: typeof observed) => number) => {
    const { mean, sd } = standardized(of(observed), simulated.map(of));
    return { observed: of(observed), simulated: mean, error: sd * widening };
  };
  return {
    name: series.name,
    training: periodOf(training).join(" to "),
    later: periodOf(later).join(" to "),
    scores: hindcast(parameters, training, later, { members }),
    asAirport:
      others.length > 0
        ? hindcast(withNormals(fitSeries(others), normalsOf(training)), training, later, { members })
        : [],
    wetShare: observed.wetShare.map((_, month) => compare(({ wetShare }) => wetShare[month] ?? NaN)),
    amount: observed.amount.map((_, month) => compare(({ amount }) => amount[month] ?? NaN)),
    lagHigh: compare(({ lagHigh }) => lagHigh),
    lagLow: compare(({ lagLow }) => lagLow),
  };
}
