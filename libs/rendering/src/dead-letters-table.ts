import { columnsFor, table, type Screen } from "./table.ts";
import { cut } from "./width.ts";

/** A request that could not be answered. */
export interface DeadLetterRow {
  readonly id: string;
  /** When it became a dead letter. */
  readonly at: Date | undefined;
  /** Queue in which it waited. */
  readonly queue: string;
  readonly reason: string;
  readonly attempts: number | undefined;
  /** Its body as JSON, or a text that says that the body is not JSON. */
  readonly request: string;
  /** Why the body does not match the contract. Nothing if it does. */
  readonly issue: string | undefined;
}

/** Characters of a request or an issue that are shown at most. */
const longest = 60;

/** A table with a row for each dead letter. */
export function deadLettersTable(letters: readonly DeadLetterRow[], screen: Screen): string {
  const { text, figure } = columnsFor<DeadLetterRow>();
  const time = ({ at }: DeadLetterRow) => timeOf(at);
  const id = text("ID", ({ id }) => id);
  const when = text("When", time);
  const shortWhen = text("When", (letter) => time(letter).slice(5, 16));
  const queue = text("Queue", ({ queue }) => queue, { least: 12 });
  const why = text("Why", ({ reason }) => reason, { least: 17 });
  const tried = figure("Tried", ({ attempts = "–" }) => String(attempts));
  const request = text("Request", ({ request }) => cut(request, longest), { least: 20 });
  const issue = text("Issue", ({ issue = "–" }) => cut(issue, longest), { least: 20 });
  const issueBelow = ({ issue }: DeadLetterRow) => (issue === undefined ? [] : [issue]);
  return table(
    letters,
    [
      { columns: [id, when, queue, why, tried, request, issue] },
      // 120 columns
      { columns: [id, shortWhen, queue, why, tried, { ...request, least: 16 }, { ...issue, least: 16 }] },
      // 80 columns
      {
        columns: [id, shortWhen, queue, why, tried],
        below: (letter) => [letter.request, ...issueBelow(letter)],
      },
      // 60 columns
      {
        columns: [id, shortWhen, why, tried],
        below: (letter) => [`${letter.queue} ${letter.request}`, ...issueBelow(letter)],
      },
    ],
    screen,
  );
}

/** A time to the second, in UTC. A dash if it is missing or invalid. */
export const timeOf = (at: Date | undefined): string =>
  at && !Number.isNaN(at.getTime()) ? at.toISOString().slice(0, 19).concat("Z") : "–";
