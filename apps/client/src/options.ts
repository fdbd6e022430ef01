import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { stateFrom } from "@weather/contracts";
import * as values from "@weather/process/values";

// Readers of options. The contract checks the limits of its own fields.

/** Makes a reader whose errors commander prints with the name of the option. */
const reading =
  <Value>(read: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message}.`);
    }
  };

export const whole = (min: number, max: number) => reading(values.whole(min, max));

/** Reads a time as milliseconds: at most 24 days, the longest delay of Node's timers. */
const duration = reading(values.duration("1ms", "576h"));

/** An option that takes a time. @param otherwise its default */
export const timeOption = <const Flags extends string>(
  flags: Flags,
  description: string,
  otherwise: string,
) => new Option(flags, description).argParser(duration).default(duration(otherwise), otherwise);

export const deadlineOption = () =>
  timeOption("--deadline <time>", "how long each answer may take, such as 500ms or 10s", "10s");

export const everyOption = () => timeOption("--every <time>", "time between two looks of --watch", "2s");

export const unitsOption = (description: string) =>
  new Option("--units <system>", description).choices(["metric", "us"]).default("metric");

export const json = reading((text): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(
      `expected JSON such as {"days":3}, got ${text.slice(0, 40)}: ${(error as Error).message}`,
    );
  }
});

export const state = reading(stateFrom);

export { figure } from "@weather/contracts";
