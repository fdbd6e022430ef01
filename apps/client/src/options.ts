import { InvalidArgumentError } from "@commander-js/extra-typings";
import { stateFrom } from "@weather/contracts";
import * as values from "@weather/process/values";

// How options are read. The contract checks the limits that it has itself.

/** A reader whose errors commander prints with the option's name. */
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

/** In milliseconds; at most 24 days, as long as Node's timers can wait. */
export const duration = reading(values.duration("1ms", "576h"));

export const json = reading((text): unknown => JSON.parse(text));

export const state = reading(stateFrom);

export { figure } from "@weather/contracts";
