import { AccessRefusedError, BrokerUnreachableError } from "../errors.ts";
import type { BrokerAddress } from "./broker-url.ts";

/** Codes of Node's TLS errors: a certificate is not trusted, or the port does not speak TLS. */
const untrusted = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO)/;

/** The error in one line. OpenSSL's messages are numbers and source paths; Node.js adds a readable `reason`. */
export const reasonOf = (error: Error & { reason?: string }): string => error.reason || error.message;

/** The error of a first connection for which another attempt would not help. Nothing for any other failure. */
export function refusalFrom(
  error: Error & { code?: string },
  address: string,
): AccessRefusedError | undefined {
  if (/terminated by server: 403/.test(error.message)) {
    return new AccessRefusedError(
      `the broker at ${address} refused the user name or password. Check the credentials in the broker URL.`,
      { cause: error },
    );
  }
  // amqplib drops RabbitMQ's reason for refusing connection.open.
  if (/Expected ConnectionOpenOk; got <ConnectionClose/.test(error.message)) {
    return new AccessRefusedError(
      `the broker at ${address} refused the virtual host: it does not exist, or this user may not use it. ` +
        `It is the path of the broker URL; amqp://host/ means the virtual host "/".`,
      { cause: error },
    );
  }
  if (untrusted.test(error.code ?? "")) {
    return new AccessRefusedError(
      `no trusted TLS connection to ${address}: ${reasonOf(error)}. ` +
        `Check that the port speaks TLS and that the broker's CA is the one that cacertfile names in the URL; ` +
        `a broker that asks for it needs certfile and keyfile, too.`,
      { cause: error },
    );
  }
  return undefined;
}

/** The error of a first connection that nobody answered. */
export function unreachable(
  error: Error & { code?: string },
  addresses: readonly BrokerAddress[],
): BrokerUnreachableError {
  const where = addresses.map(({ shown }) => shown).join(", ");
  // A host name with several addresses fails with an AggregateError, whose message is empty.
  const why = error.message || error.code || error.name;
  return new BrokerUnreachableError(`no broker answers at ${where} (${why}). Is RabbitMQ running there?`, {
    cause: error,
  });
}
