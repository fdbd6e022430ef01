/** Input from a person is not valid. The message says what was expected, and what came. */
export class InputError extends Error {
  override readonly name = "InputError";
}
