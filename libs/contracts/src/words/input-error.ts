/** A word or a number that somebody wrote cannot be understood. The message says what was expected, and what came. */
export class InputError extends Error {
  override readonly name = "InputError";
}
