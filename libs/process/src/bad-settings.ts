/** Settings from the environment are wrong. The message has one line for each wrong variable. */
export class BadSettings extends Error {
  override readonly name = "BadSettings";
}

/** A server could not listen at its address. @param settings begin with this word, as GATEWAY_PORT and GATEWAY_HOST do */
export function cannotListen(settings: string, { code, message }: NodeJS.ErrnoException): BadSettings {
  const name = code === "EADDRINUSE" || code === "EACCES" ? "PORT" : "HOST";
  return new BadSettings(`${settings}_${name}: ${message}. Name another.`);
}
