import { Misfit, Unanswered } from "@weather/queue-binding";

/** Exit codes, after sysexits(3). */
export const exitCode = { ok: 0, usage: 64, refused: 65, unavailable: 69, unanswered: 75 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Something in the command line is wrong. The message says what, and what to write instead. */
export class Usage extends Error {
  override readonly name = "Usage";
}

/** The exit code for an error, and what to try. */
export function explain(error: unknown): { code: ExitCode; advice: string } {
  // Compared by name: bundling must not matter.
  const name = error instanceof Error ? error.name : "";
  switch (name) {
    case "Usage":
    case "TypeError":
      return { code: exitCode.usage, advice: "See weather --help." };
    case "Unreachable":
      return {
        code: exitCode.unavailable,
        advice:
          "Start a farm with `npm run farm` or `docker compose up`, or name another broker in AMQP_URL.",
      };
    case "AccessRefused":
      return { code: exitCode.unavailable, advice: "The broker URL is read from AMQP_URL." };
    case "Unserved":
      return {
        code: exitCode.unavailable,
        advice:
          "Start its servers with `npm run farm` or `docker compose up`; `weather states` shows who listens.",
      };
    case Unanswered.name:
      return { code: exitCode.unanswered, advice: "--deadline allows more time." };
    case Misfit.name:
      return { code: exitCode.refused, advice: "Client and server seem to be of different versions." };
    default:
      throw error;
  }
}
