import type { Command } from "@commander-js/extra-typings";
import {
  dateIn,
  InputError,
  isStateName,
  measure,
  observation,
  observationKey,
  observations,
  stateNames,
  usStateFrom,
  type Quantity,
  type UnitSystem,
  type WrittenObservation,
} from "@weather/contracts";
import { exitCode, Usage, withWho, type ExitCode } from "../exit-code.ts";
import { isKnown } from "../known-station.ts";
import { unitsOption } from "../options.ts";
import { clustersOf, type Terminal } from "../terminal.ts";

export function addObserve(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  weather
    .command("observe")
    .description("publish what a station observed on a day; forecasts start from it")
    .argument("<state>", "name or postal code of the state in which the station lies")
    .argument("<station>", "such as KCMH, or OH_Wooster_3_SSE")
    .requiredOption("--date <date>", "the day, YYYY-MM-DD, from midnight to midnight in local standard time")
    .option("--high <temperature>", "its highest temperature, such as 11.2 or 52F")
    .option("--low <temperature>", "its lowest temperature")
    .option("--precipitation <amount>", "its precipitation, such as 0.5 or 0.02in")
    .addOption(unitsOption("units of input without a unit"))
    .action(async (state, station, options) => {
      ended(await observe(observationFrom(state, station, options), terminal));
    });
}

interface ObservedOptions {
  date: string;
  high?: string;
  low?: string;
  precipitation?: string;
  units: UnitSystem;
}

/** Makes an observation from the arguments. @throws {Usage} if the contract refuses it */
function observationFrom(place: string, station: string, options: ObservedOptions): WrittenObservation {
  const state = usStateFrom(place)?.key;
  if (state === undefined) throw new Usage(`there is no US state "${place}"`);
  const { date, units } = options;
  const figure = (name: "high" | "low" | "precipitation", quantity: Quantity) => {
    const text = options[name];
    return text === undefined ? {} : { [name]: measured(text, quantity, name, units) };
  };
  const written: WrittenObservation = {
    ...{ state, station: station.includes("_") ? station : station.toUpperCase(), date },
    ...figure("high", "temperature"),
    ...figure("low", "temperature"),
    ...figure("precipitation", "precipitation"),
    // A later observation of the same day corrects this one.
    revision: Math.floor(Date.now() / 1_000),
  };
  const { error } = observation.safeParse(written);
  if (error) {
    throw new Usage(
      error.issues.map(({ path, message }) => [...path.map(asOption), message].join(": ")).join("; "),
    );
  }
  const today = todayIn(state);
  if (date > today) throw new Usage(`--date: expected a day up to today, ${today}, got ${date}`);
  return written;
}

/** The name of a field on the command line. State and station are arguments, all others options. */
const asOption = (field: PropertyKey) =>
  field === "state" || field === "station" ? field : `--${String(field)}`;

/** Today's date in a state, YYYY-MM-DD. If the time zone is not known: in UTC, which is ahead of most states. */
function todayIn(state: string): string {
  const now = new Date();
  return isStateName(state) ? dateIn(state, now) : now.toISOString().slice(0, 10);
}

function measured(text: string, quantity: Quantity, name: string, units: UnitSystem): number {
  try {
    return measure(text, quantity, name, units);
  } catch (error) {
    if (error instanceof InputError) throw new Usage(`--${error.message}`);
    throw error;
  }
}

/** Publishes an observation, and says so once the stream holds it. Refuses an observation that no farm would use. */
async function observe(written: WrittenObservation, terminal: Terminal): Promise<ExitCode> {
  const clusters = clustersOf(terminal);
  const key = observationKey(written);
  try {
    const { state, station } = written;
    const cluster = clusters.of(state);
    const broker = await cluster.open();
    const farms = stateNames.filter((name) => clusters.of(name) === cluster);
    if ((await isKnown(station, broker, farms)) === false) {
      const { command } = terminal.options;
      terminal.say(
        `no farm knows the station ${station}: nothing is published. ${command} stations lists them.`,
      );
      return exitCode.refused;
    }
    await broker.publish(observations, key, written);
    terminal.show(`${key} of ${written.date} is with the broker`);
    return exitCode.ok;
  } catch (error) {
    throw withWho(error, "The user observer alone may publish observations (docs/security.md)");
  } finally {
    await clusters.drain();
  }
}
