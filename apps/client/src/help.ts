/** Behind the list of commands. A test runs every example. @param command how the command is called here */
export const help = (command: string) => `
Examples:
  # the next five days in Columbus
  ${command} forecast ohio
  ${command} forecast virginia --station KORF --days 10
  # where you are: the nearest station answers
  ${command} forecast ohio --latitude 39.96 --longitude -83.0
  ${command} stations ohio
  # names and postal codes are understood, too
  ${command} forecast "Ohio" va
  # started from yesterday's high, low and rain
  ${command} forecast ohio --observed 11.2,3.0,0.5
  ${command} forecast ohio --observed 52F,37F,0.02in
  # what is usual, beside what is known
  ${command} forecast ohio --model climate
  # yesterday's weather, for all forecasts of all who ask
  ${command} observe ohio KCMH --date 2026-11-25 --high 11.2 --low 3
  # how likely is frost?
  ${command} forecast ohio --risk "low<0" --days 7
  # ten requests to each, each a day later
  ${command} forecast ohio virginia --count 10
  # for programs
  ${command} forecast ohio --json | jq .reply.days
  # who serves, and how much waits
  ${command} states
  # each server: what it holds, and how long requests wait for it
  ${command} servers ohio
  # one message, the replies of all who hear it
  ${command} gather sports.ohio --body '{"days":3}'
  # what could not be answered, and why
  ${command} dead-letters list

Tables fit the terminal. Where there is none, they are as wide as they need to
be, or as COLUMNS says.

AMQP_URL names the broker (default amqp://guest:guest@localhost:5672).
AMQP_ROUTES names a file that says which broker serves which state.
MANAGEMENT_URL, such as http://operator:PASSWORD@localhost:15673, lets "states"
show what is in flight, how many are answered per second, and how long the
oldest has waited (an estimate: what waits, at this speed).

Exit codes: 0 all answered, 64 wrong usage, 65 refused, 69 no broker or nobody
serves that state, 75 not answered in time; of several, the first of 64, 69, 75,
65.`;
