import { Command, CommanderError } from "@commander-js/extra-typings";
import { addDeadLetters } from "./commands/dead-letters.ts";
import { addForecast } from "./commands/forecast.ts";
import { addGather } from "./commands/gather.ts";
import { addObserve } from "./commands/observe.ts";
import { addServers } from "./commands/servers.ts";
import { addStates } from "./commands/states.ts";
import { addStations } from "./commands/stations.ts";
import { exitCode, explain, sentence, type ExitCode } from "./exit-code.ts";
import { help } from "./help.ts";
import type { Terminal } from "./terminal.ts";

/** Runs the command. @param words the arguments of the command line @returns the exit code */
export async function program(words: string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.ok;
  const ended = (end: ExitCode) => (code = end);
  const weather = new Command(terminal.options.command)
    .description("Asks the weather farms for forecasts.")
    .addHelpText("after", help(terminal.options.command))
    .showHelpAfterError(`See ${terminal.options.command} --help.`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.options.stdout.write(text),
      writeErr: (text) => terminal.options.stderr.write(text),
    });
  addForecast(weather, terminal, ended);
  addServers(weather, terminal, ended);
  addStates(weather, terminal, ended);
  addStations(weather, terminal, ended);
  addObserve(weather, terminal, ended);
  addGather(weather, terminal, ended);
  addDeadLetters(weather, terminal, ended);

  try {
    await weather.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    const { code, advice } = explain(error, terminal.options.command);
    terminal.say(`${sentence((error as Error).message)} ${advice}`);
    return code;
  }
  return code;
}
