/** Exit codes, named after sysexits(3). */
export const exitCode = {
  /** Done, or stopped when asked to. */
  ok: 0,
  /** The command line is wrong. */
  usage: 64,
  /** The request was refused. */
  refused: 65,
  /** No broker answers, or nobody serves. */
  unavailable: 69,
  /** A fault in the program. */
  software: 70,
  /** Not in time; trying again may help. */
  unanswered: 75,
  /** The broker refuses the credentials, or what the process needs to do. */
  noPermission: 77,
  /** A setting is wrong. */
  config: 78,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
