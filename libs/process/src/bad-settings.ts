/** Settings from the environment are wrong. The message has one line for each wrong variable. */
export class BadSettings extends Error {
  override readonly name = "BadSettings";
}
