import { figure } from "./figures.ts";

/** A line of the answer to `POST /v1/forecasts`. */
type Line =
  | { readonly reply: { readonly server: string } }
  | { readonly problem: { readonly title: string; readonly detail?: string } };

/** The result of many questions: `200 of 200 answered in 0.58 s. Each of 4 servers had between 48 and 53.` */
export function outcomeOf(ndjson: string, asked: number, seconds: number): string {
  const lines = ndjson
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const perServer = new Map<string, number>();
  let problem = "";
  for (const line of lines) {
    if ("problem" in line) problem = line.problem.detail ?? line.problem.title;
    else perServer.set(line.reply.server, (perServer.get(line.reply.server) ?? 0) + 1);
  }
  const shares = [...perServer.values()];
  const answered = shares.reduce((sum, share) => sum + share, 0);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const shared =
    shares.length > 1
      ? ` Each of ${figure(shares.length)} servers had ${least === most ? figure(least) : `between ${figure(least)} and ${figure(most)}`}.`
      : shares.length === 1
        ? " One server had them all."
        : "";
  return `${figure(answered)} of ${figure(asked)} answered in ${seconds.toFixed(2)} s.${shared}${problem && ` The last problem: ${problem}`}`;
}
