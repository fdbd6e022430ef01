import type { Reply, StationsReply } from "@weather/contracts";
import type { Asked as One } from "@weather/rendering";
import { exitCode, explain, sentence, withWho, worse, type ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

type Asked = One<Reply | StationsReply>;

/** Requests of one state that failed in the same way. */
interface Trouble {
  readonly text: string;
  readonly advice: string;
  times: number;
}

/** Prints each kind of failure once, and then how many requests were answered. */
export function report(asked: readonly Asked[], { json }: { json: boolean }, terminal: Terminal): ExitCode {
  let code: ExitCode = exitCode.ok;
  const troubles = new Map<string, Trouble>();
  for (const { state, reply, error: raw } of asked) {
    if (isAnswer(reply)) continue;
    const error = raw && withWho(raw, "The users client and gateway may ask states (docs/security.md)");
    const why = error ? explain(error, terminal.options.command) : { code: exitCode.refused, advice: "" };
    code = worse(code, why.code);
    // Messages of one kind differ in details. The first one is printed.
    const kind = `${state} ${error?.name ?? reply?.message}`;
    const text = error ? sentence(error.message) : `${state} refused: ${sentence(reply?.message ?? "")}`;
    const trouble = troubles.get(kind) ?? { text, advice: why.advice, times: 0 };
    trouble.times += 1;
    troubles.set(kind, trouble);
  }
  tell([...troubles.values()], terminal);
  if (!json && asked.length > 1) terminal.show(summaryOf(asked, asked.length));
  return code;
}

/** Kinds that are printed at most, because every refusal may have another text. */
const most = 10;

/** Prints each kind of failure on a line. An advice follows the last line that it applies to. */
function tell(troubles: readonly Trouble[], terminal: Terminal): void {
  const shown = troubles.slice(0, most);
  shown.forEach(({ text, advice, times }, at) => {
    const count = times > 1 ? ` (${times} times)` : "";
    const last = shown.findLastIndex((trouble) => trouble.advice === advice) === at;
    terminal.say(`${text}${count}${advice && last ? ` ${advice}` : ""}`);
  });
  if (troubles.length > most) terminal.say(`… and ${troubles.length - most} more: --json shows all`);
}

/** Prints how many requests were answered before the process was told to stop. */
export function interrupted(
  asked: readonly Asked[],
  total: number,
  stop: AbortSignal,
  terminal: Terminal,
): ExitCode {
  terminal.say(`${(stop.reason as Error).message}: ${summaryOf(asked, total)}`);
  return exitCode.unanswered;
}

const isAnswer = (reply: Asked["reply"]) => reply !== undefined && reply.outcome !== "refused";

function summaryOf(asked: readonly Asked[], total: number): string {
  const answered = asked.filter(({ reply }) => isAnswer(reply));
  const states = [...new Set(asked.map(({ state }) => state))];
  const by = states.map((state) => `${state} ${answered.filter((one) => one.state === state).length}`);
  return `${answered.length} of ${total} answered${by.length > 0 ? `: ${by.join(", ")}` : ""}`;
}
