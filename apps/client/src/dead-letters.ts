import { farmOf, stateNames, type StateName } from "@weather/contracts";
import {
  AccessRefusedError,
  BrokerUnreachableError,
  NotReplayableError,
  validate,
  ValidationError,
  type Broker,
  type DeadLetter,
  type DeadLetters,
} from "@weather/queue-binding";
import { clean, deadLettersTable, timeOf, type DeadLetterRow } from "@weather/rendering";
import { exitCode, sentence, Usage, withWho, worse, type ExitCode } from "./exit-code.ts";
import { clustersOf, type Terminal } from "./terminal.ts";

export interface Selection {
  /** Only dead letters of this state. */
  state?: StateName;
  /** How many to read, oldest first. */
  limit: number;
}

export interface ReplayOptions extends Selection {
  /** Id of one dead letter. Nothing for all. */
  id?: string;
  /** Also dead letters whose caller has gone. */
  withoutReply: boolean;
  /** How long each may wait for a server from now on, in milliseconds. */
  expiration: number;
}

/** Shows the dead letters, oldest first. */
export function list(selection: Selection, json: boolean, terminal: Terminal): Promise<ExitCode> {
  return held(selection, terminal, ({ letters }) => {
    if (json) letters.forEach((letter) => terminal.json(decoded(letter)));
    else if (letters.length === 0) terminal.show("no dead letters");
    else terminal.show(deadLettersTable(letters.map(rowOf), terminal.screen));
    return exitCode.ok;
  });
}

/** Shows everything about a dead letter. @throws {Usage} if there is none with this id */
export function show(id: string, selection: Selection, terminal: Terminal): Promise<ExitCode> {
  return held(selection, terminal, async ({ letters, boxOf }) => {
    const letter = one(letters, id);
    const { queue, routingKey, reason, message, attempts, replyTo, correlationId } = letter;
    const lines = [
      ["ID", letter.id],
      ["When", timeOf(letter.at)],
      ["Queue", `${queue} (routing key ${routingKey})`],
      ["Why", message ? `${reason}: ${message}` : reason],
      ["Tried", attempts === undefined ? "unknown" : `${attempts} ${attempts === 1 ? "time" : "times"}`],
      [
        "Reply to",
        `${replyTo ?? "nobody"} (${(await boxOf(letter).callerWaits(letter)) ? "still there" : "gone"})`,
      ],
      ["Correlation id", correlationId ?? "none"],
      ["Issue", issueOf(letter) ?? "none: the body fits the schema"],
      ["Body", bodyOf(letter)],
    ];
    for (const [name = "", value = ""] of lines) {
      terminal.show(`${name.padEnd(15)} ${clean(value)}`);
    }
    return exitCode.ok;
  });
}

/** Puts dead letters back into the queues they came from. @throws {Usage} if there is none with this id */
export function replay(
  { id, withoutReply, expiration, ...selection }: ReplayOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return held(selection, terminal, async ({ letters, boxOf }) => {
    let replayed = 0;
    const kept = (letter: DeadLetter, why: string) => {
      terminal.say(`${letter.id} is kept: ${why}`);
    };
    for (const letter of id === undefined ? letters : [one(letters, id)]) {
      const box = boxOf(letter);
      if (!letter.replyTo) kept(letter, "it has no reply-to, and would only come back");
      else if (letter.queue === "") kept(letter, "its headers do not name its queue");
      else if (!withoutReply && !(await box.callerWaits(letter))) {
        kept(letter, "nobody waits for its reply any more; --without-reply replays it all the same");
      } else {
        try {
          if (await box.replay(letter, expiration)) replayed += 1;
          else kept(letter, `there is no queue ${letter.queue}; start its servers first`);
        } catch (error) {
          if (!(error instanceof NotReplayableError)) throw error;
          kept(letter, `it cannot be sent as it was: ${error.message}`);
        }
      }
    }
    const count = id === undefined ? letters.length : 1;
    terminal.show(`${replayed} of ${count} replayed`);
    return replayed === count ? exitCode.ok : exitCode.refused;
  });
}

/** Deletes a dead letter. @throws {Usage} if there is none with this id */
export function drop(id: string, selection: Selection, terminal: Terminal): Promise<ExitCode> {
  return held(selection, terminal, ({ letters, boxOf }) => {
    const letter = one(letters, id);
    boxOf(letter).drop(letter);
    terminal.show(`${id} dropped`);
    return exitCode.ok;
  });
}

/** The dead letters of one or several clusters. */
interface Held {
  /** The dead letters of each cluster, oldest first. */
  readonly letters: DeadLetter[];
  readonly boxOf: (letter: DeadLetter) => DeadLetters;
}

/** Holds the dead letters while `work` runs. Those that are left afterwards go back into their queues. */
async function held(
  { state, limit }: Selection,
  terminal: Terminal,
  work: (held: Held) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const clusters = clustersOf(terminal);
  try {
    const asked = clusters.serving(state && [state]);
    const opened = await Promise.allSettled(asked.map((cluster) => cluster.open()));
    const brokers = opened.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    const failures = opened.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
    if (brokers.length === 0) throw failures[0] as Error;
    for (const { message } of failures) terminal.say(sentence(message));
    const code = await inBoxes(brokers, { state, limit }, terminal, work);
    return failures.length > 0 ? worse(code, exitCode.unavailable) : code;
  } finally {
    await clusters.drain();
  }
}

async function inBoxes(
  brokers: readonly Broker[],
  { state, limit }: Selection,
  terminal: Terminal,
  work: (held: Held) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const boxes: DeadLetters[] = [];
  try {
    for (const broker of brokers) boxes.push(await broker.deadLetters(anyState, limit));
    if (boxes.some(({ all }) => all.length === limit)) {
      terminal.say(`there may be more than these ${limit}; --limit looks at more`);
    }
    const owners = new Map(boxes.flatMap((box) => box.all.map((letter) => [letter, box] as const)));
    const { queue } = state ? farmOf(state) : {};
    const letters = [...owners.keys()].filter((letter) => queue === undefined || letter.queue === queue);
    return await work({
      letters,
      boxOf: (letter) => owners.get(letter) as DeadLetters,
    });
  } catch (error) {
    if (error instanceof AccessRefusedError || brokers.every(({ connected }) => connected))
      throw withWho(error, "Dead letters are for the user operator (docs/security.md)");
    const message = "the connection to the broker was lost; what was not replayed or dropped is kept";
    throw new BrokerUnreachableError(message, { cause: error });
  } finally {
    await Promise.all(boxes.map((box) => box.close()));
  }
}

const anyState = farmOf(stateNames[0] as StateName);

function one(letters: DeadLetter[], id: string): DeadLetter {
  const found = letters.find((letter) => letter.id === id);
  if (!found) throw new Usage(`no dead letter has the ID ${id}; \`dead-letters list\` shows them`);
  return found;
}

/** The body as JSON on one line. If it is not JSON, a text that says so. */
function bodyOf({ body }: DeadLetter): string {
  try {
    return JSON.stringify(JSON.parse(body.toString()));
  } catch {
    return `not JSON, ${body.length} bytes: ${JSON.stringify(body.toString())}`;
  }
}

/** Why the body does not match the contract. Nothing if it does. */
function issueOf({ body }: DeadLetter): string | undefined {
  try {
    validate("request", anyState.request, JSON.parse(body.toString()));
    return undefined;
  } catch (error) {
    if (error instanceof ValidationError)
      return error.issues.map(({ path, message }) => `${path} ${message}`.trim()).join("; ");
    return (error as Error).message;
  }
}

const decoded = (letter: DeadLetter) => ({ ...letter, issue: issueOf(letter), body: bodyOf(letter) });

const rowOf = (letter: DeadLetter): DeadLetterRow => ({
  ...letter,
  request: bodyOf(letter),
  issue: issueOf(letter),
});
