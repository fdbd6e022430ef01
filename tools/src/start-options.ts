import { Command, Option } from "@commander-js/extra-typings";

const help = `
The broker is the first of these that is there:
  1. the one that AMQP_URL names, such as amqp://guest:guest@localhost:5672
  2. the one on this machine, at localhost:5672
  3. rabbitmq-server of this machine, as a private node
  4. RabbitMQ in Docker
  5. Debian's rabbitmq-server, installed if you are root
What was started is stopped at the end; 1 and 2 stay.

Servers read their settings from the environment: docs/settings.md lists them.
npm start asks, and exits as the weather command does: 0 if all answered.
npm run farm keeps the servers up for you to ask, and shows what they log.`;

/**
 * Reads the command line of `npm start` and `npm run farm`.
 *
 * Ends the process where there is nothing to start: with 0 after --help, with 64 for an option that does not exist.
 */
export function startOptions(words: string[]): { keep: boolean } {
  const farm = words.includes("--keep");
  const command = new Command(farm ? "npm run farm" : "npm start")
    .usage("")
    .description(
      farm
        ? "Starts two servers of each state, and keeps them up until Ctrl-C."
        : "Starts two servers of each state, shows what observations change, asks each state ten times, and puts everything away.",
    )
    .addOption(new Option("--keep").hideHelp())
    .addHelpText("after", help)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 64))
    .parse(words, { from: "user" });
  return { keep: command.opts().keep === true };
}
