/** A setting from the environment that is wrong. The message has one sentence for each bad variable. */
export class BadSettings extends Error {
  override readonly name = "BadSettings";
}
