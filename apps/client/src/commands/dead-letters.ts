import { Option, type Command } from "@commander-js/extra-typings";
import * as deadLetters from "../dead-letters.ts";
import { Usage, type ExitCode } from "../exit-code.ts";
import { state, timeOption, whole } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** The commands for requests that could not be answered. */
export function addDeadLetters(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  const commands = weather
    .command("dead-letters")
    .description("look at the requests that could not be answered; replay or drop them");
  const ofState = () => new Option("--state <state>", "only dead letters of this state").argParser(state);
  const limit = () =>
    new Option("--limit <n>", "how many to read, oldest first").argParser(whole(1, 100_000)).default(1_000);

  commands
    .command("list")
    .description("each with its time, queue, reason, tries, request, and why the contract refuses it")
    .addOption(ofState())
    .addOption(limit())
    .option("--json", "one JSON object per line")
    .action(async ({ json = false, ...selection }) => {
      ended(await deadLetters.list(selection, json, terminal));
    });
  commands
    .command("show")
    .description("everything about one of them, and why the contract refuses its body")
    .argument("<id>")
    .addOption(limit())
    .action(async (id, selection) => {
      ended(await deadLetters.show(id, selection, terminal));
    });
  commands
    .command("replay")
    .description("put one, or with --all every one, back into its queue")
    .argument("[id]")
    .option("--all", "every one of them")
    .option("--without-reply", "also dead letters whose caller has gone")
    .addOption(ofState())
    .addOption(limit())
    .addOption(timeOption("--expiration <time>", "how long each may wait for a server", "60s"))
    .action(async (id, { all = false, withoutReply = false, ...options }) => {
      if (all === (id !== undefined)) throw new Usage("expected either an ID or --all");
      ended(await deadLetters.replay({ ...options, ...(id && { id }), withoutReply }, terminal));
    });
  commands
    .command("drop")
    .description("delete one of them for good")
    .argument("<id>")
    .addOption(limit())
    .action(async (id, selection) => {
      ended(await deadLetters.drop(id, selection, terminal));
    });
}
