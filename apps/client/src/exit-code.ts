import { BadSettings } from "@weather/process/connect";
import {
  AccessRefusedError,
  ValidationError,
  AnswerTimeoutError,
  BrokerUnreachableError,
  NoServersError,
} from "@weather/queue-binding";

/** Exit codes, after sysexits(3). */
export const exitCode = { ok: 0, usage: 64, refused: 65, unavailable: 69, unanswered: 75 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Something in the command line is wrong. The message says what, and what to write instead. */
export class Usage extends Error {
  override readonly name = "Usage";
}

/**
 * The exit code for an error, and what to try.
 *
 * @param command how the command is called here
 * @throws the error itself if it is none that a user could mend
 */
export function explain(error: unknown, command: string): { code: ExitCode; advice: string } {
  if (error instanceof Usage || error instanceof BadSettings)
    return { code: exitCode.usage, advice: `See ${command} --help.` };
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

/** Ends with a full stop, if it does not already end. */
export const sentence = (text: string) => (/[.?!]$/.test(text) ? text : `${text}.`);
