/** The help below the list of commands. A test runs every example. @param command name of the command, such as `npx weather` */
export const help = (command: string) => `
Examples:
  # the next five days in Columbus
  ${command} forecast ohio
  ${command} forecast virginia --station KORF --days 10
  # where you are: the nearest station answers
  ${command} forecast ohio --latitude 39.96 --longitude -83.0
  ${command} stations ohio
  # names and postal codes work as well
  ${command} forecast "Ohio" va
  # started from yesterday's high, low and rain
  ${command} forecast ohio --observed 11.2,3.0,0.5
  ${command} forecast ohio --observed 52F,37F,0.02in
  # what is usual for these days
  ${command} forecast ohio --model climate
  # publish yesterday's weather, for all forecasts
  ${command} observe ohio KCMH --date 2026-11-25 --high 11.2 --low 3
  # how likely is frost?
  ${command} forecast ohio --risk "low<0" --days 7
  # ten requests to each state, each starts one day later
  ${command} forecast ohio virginia --count 10
  # for programs
  ${command} forecast ohio --json | jq .reply.days
  # servers and waiting requests of each state
  ${command} states
  # each server's load, and how long requests wait for it
  ${command} servers ohio
  # one message, and every reply to it
  ${command} gather sports.ohio --body '{"days":3}'
  # requests that could not be answered, and why
  ${command} dead-letters list

Tables fit the width of the terminal. If there is no terminal, COLUMNS sets
their width.

AMQP_URL names the broker (default amqp://guest:guest@localhost:5672).
AMQP_ROUTES names a file that says which broker serves which state.
MANAGEMENT_URL, such as http://operator:PASSWORD@localhost:15673, adds columns
to "states": requests in flight, answers per second, and how long the oldest
request has waited (an estimate: waiting requests divided by answers per
second).

Exit codes: 0 all answered, 64 wrong usage, 65 refused, 69 no broker or nobody
serves that state, 75 not answered in time; of several, the first of 64, 69, 75,
65.`;
