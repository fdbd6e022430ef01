interface LogLine {
  pid: number;
  msg: string;
  reason?: string;
  err?: { message: string };
}

/** A server's log line for people: which process, what happened, and why. */
export function readable(app: string, line: string): string {
  try {
    const { pid, msg, reason, err } = JSON.parse(line) as LogLine;
    const why = reason ?? err?.message;
    return `${app} ${pid}: ${msg}${why ? ` (${why})` : ""}`;
  } catch {
    return `${app}: ${line}`;
  }
}
