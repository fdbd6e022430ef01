import { Command, Option } from "@commander-js/extra-typings";

const help = `
The broker is the first one of these that exists:
  1. the one that AMQP_URL names, such as amqp://guest:guest@localhost:5672
  2. the one on this machine, at localhost:5672
  3. rabbitmq-server of this machine, as a private node
  4. RabbitMQ in Docker
  5. Debian's rabbitmq-server, installed if you are root
A broker that was started is stopped at the end. 1 and 2 stay.

Servers read their settings from the environment: docs/settings.md lists them.
npm start asks, and exits as the weather command does: 0 if all answered.
npm run farm keeps the servers running for you to ask, and shows their logs.`;

/**
 * Reads the command line of `npm start` and `npm run farm`.
 *
 * Ends the process if there is nothing to start: with 0 after --help, with 64 for an unknown option.
 */
export function startOptions(words: string[]): { keep: boolean } {
  const farm = words.includes("--keep");
  const command = new Command(farm ? "npm run farm" : "npm start")
    .usage("")
    .description(
      farm
        ? "Starts two servers of each state and a gateway. They run until Ctrl-C."
        : "Starts two servers of each state and a gateway, shows how observations change a forecast, asks each state ten times, and stops everything.",
    )
    .addOption(new Option("--keep").hideHelp())
    .addHelpText("after", help)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 64))
    .parse(words, { from: "user" });
  return { keep: command.opts().keep === true };
}
