import { InputError, stateFrom, type StateName } from "@weather/contracts";
import { Problem } from "./problem.ts";

/** The state that a word names. @throws {Problem} with status 404 if there is no such state, or it has no farm */
export function known(word: string): StateName {
  try {
    return stateFrom(word);
  } catch (error) {
    if (error instanceof InputError) throw new Problem(404, "No such state", error.message);
    throw error;
  }
}
