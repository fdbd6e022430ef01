import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { FaultProxy, Way } from "@weather/testing";
import { faults, type TrialOptions } from "./trial.ts";

const fault = faults("line");

/** Blackholes one direction. Heartbeats detect that within four seconds; then a new connection is tried. */
async function swallow(line: FaultProxy, way: Way): Promise<void> {
  const before = line.accepted;
  way.blackhole = true;
  await pause(8_000);
  expect(line.accepted).toBeGreaterThan(before);
  way.heal();
}

/** Faults of a line. A fault that does not end by itself is ended after the trial. */
const happenings: [what: string, options: TrialOptions, happens: (line: FaultProxy) => unknown][] = [
  ["cut", {}, (line) => line.cut()],
  [
    "cut in the middle of a frame, in each direction",
    {},
    async (line) => {
      // An AMQP frame has a head of 7 bytes; 3 bytes are less than any.
      line.up.cutAfter = 3;
      await pause(1_500);
      line.down.cutAfter = 3;
      await pause(1_500);
    },
  ],
  [
    "cut, and no new connection for 3 s",
    {},
    async (line) => {
      await line.refuse();
      await pause(3_000);
      await line.accept();
    },
  ],
  ["blackholed towards the broker for 8 s", {}, (line) => swallow(line, line.up)],
  ["blackholed from the broker for 8 s", {}, (line) => swallow(line, line.down)],
  [
    "delayed by 200 ms each way for 5 s",
    {},
    async ({ up, down }) => {
      up.delay = down.delay = 200;
      await pause(5_000);
    },
  ],
  [
    "throttled to 64 kB/s for 5 s",
    {},
    async ({ up, down }) => {
      up.rate = down.rate = 64_000;
      await pause(5_000);
    },
  ],
];

for (const side of ["client", "server"] as const) {
  for (const [what, options, happens] of happenings) {
    fault(`${what}, on the ${side}'s side`, options, async (trial) => {
      const line = trial[`${side}Proxy`];
      await happens(line);
      line.up.heal();
      line.down.heal();
    });
  }
}
