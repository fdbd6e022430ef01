import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** Runs a command. An error ends it with 1, and with a line that begins with the command's name. */
export async function runCommand(command: CommandUnknownOpts): Promise<void> {
  try {
    await command.parseAsync();
  } catch (error) {
    command.error(`${command.name()}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
