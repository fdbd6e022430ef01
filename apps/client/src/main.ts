import { interruptible } from "./interruption.ts";
import { program } from "./program.ts";
import { Terminal } from "./terminal.ts";

// A reader that closes the pipe early (`weather … | head`) is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 74));

// Asks the farms for forecasts, shows the answers, and exits with a code that tells the result.
process.exitCode = await program(
  process.argv.slice(2),
  new Terminal({
    command: process.env["WEATHER_COMMAND"] || "npx weather",
    url: process.env["AMQP_URL"] || "amqp://guest:guest@localhost:5672",
    passwordFile: process.env["AMQP_PASSWORD_FILE"],
    routesFile: process.env["AMQP_ROUTES"],
    managementUrl: process.env["MANAGEMENT_URL"] || undefined,
    stdout: process.stdout,
    stderr: process.stderr,
    colour: process.stdout.isTTY && !process.env["NO_COLOR"],
    columns: Number(process.env["COLUMNS"]) || undefined,
    interruptible,
  }),
);
