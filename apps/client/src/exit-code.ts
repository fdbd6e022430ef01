import { InputError } from "@weather/contracts";
import { BadSettings } from "@weather/process/connect";
import { exitCode, type ExitCode } from "@weather/process/exit-code";
import {
  AccessRefusedError,
  AnswerTimeoutError,
  BrokerUnreachableError,
  NoServersError,
  TooManyRequestsError,
  ValidationError,
} from "@weather/queue-binding";

/** Exit codes, from the least to the most severe. Of several, the command exits with the most severe. */
export const bySeverity: readonly ExitCode[] = [
  exitCode.ok,
  exitCode.refused,
  exitCode.unanswered,
  exitCode.unavailable,
  exitCode.usage,
];

export { exitCode, type ExitCode };

/** The more severe of two. */
export const worse = (one: ExitCode, other: ExitCode): ExitCode =>
  bySeverity.indexOf(other) > bySeverity.indexOf(one) ? other : one;

/** The command line is wrong. The message names the error, and what to write instead. */
export class Usage extends Error {
  override readonly name = "Usage";
}

/**
 * The exit code for an error, and what to try.
 *
 * @param command name of the command in advice, such as `npx weather`
 * @throws the error itself if it is a fault of the program
 */
export function explain(error: unknown, command: string): { code: ExitCode; advice: string } {
  if (error instanceof Usage || error instanceof InputError || error instanceof BadSettings) {
    return { code: exitCode.usage, advice: `See ${command} --help.` };
  }
  if (error instanceof BrokerUnreachableError) {
    const advice =
      "Start a farm with `npm run farm` or `docker compose up`, or name another broker in AMQP_URL.";
    return { code: exitCode.unavailable, advice };
  }
  if (error instanceof AccessRefusedError) {
    return { code: exitCode.unavailable, advice: "AMQP_URL names the broker, the user and the password." };
  }
  if (error instanceof NoServersError) {
    const start = "Start its servers with `npm run farm` or `docker compose up`";
    return { code: exitCode.unavailable, advice: `${start}; \`${command} states\` shows who listens.` };
  }
  if (error instanceof TooManyRequestsError)
    return { code: exitCode.unanswered, advice: "Ask less at once: a smaller --concurrency." };
  if (error instanceof AnswerTimeoutError)
    return { code: exitCode.unanswered, advice: "--deadline allows more time." };
  if (error instanceof ValidationError && error.what === "request") {
    return { code: exitCode.usage, advice: `See ${command} forecast --help.` };
  }
  if (error instanceof ValidationError) {
    return { code: exitCode.refused, advice: "Client and server seem to be of different versions." };
  }
  throw error;
}

/** Adds the names of the users with this right to an `AccessRefusedError`. Other errors stay as they are. */
export function withWho<Thrown>(error: Thrown, who: string): Thrown | AccessRefusedError {
  if (!(error instanceof AccessRefusedError)) return error;
  return new AccessRefusedError(`${sentence(error.message)} ${who}`, { cause: error });
}

/** The text with a full stop, unless it already ends as a sentence. */
export const sentence = (text: string) => (/[.?!]$/.test(text) ? text : `${text}.`);
