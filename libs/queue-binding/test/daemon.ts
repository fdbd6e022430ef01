import { setTimeout as pause } from "node:timers/promises";
import type { AnswerOptions, Broker, Settled } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test as base } from "./sports.ts";

type Options = Partial<AnswerOptions<{ by: string; says: string }>>;

/** A sports daemon that cheers, unless the team is "crash"; and a client that it does not know. */
export const test = base.extend<{
  foreign: ForeignClient;
  settled: Settled[];
  daemon: (options?: Options) => Promise<Broker>;
}>({
  foreign: async ({ vhost, afterwards }, use) => {
    const client = await ForeignClient.connect(vhost.url);
    afterwards(() => client.close());
    await use(client);
  },
  settled: async ({}, use) => use([]),
  daemon: async ({ open, settled }, use) => {
    await use(async (options) => {
      const broker = await open();
      const cheer = async ({ team, delay = 0 }: { team: string; delay?: number }) => {
        await pause(delay);
        if (team === "crash") throw new Error("the cheerleader fell");
        return { by: "daemon", says: `go ${team}` };
      };
      await broker.answer(sports, cheer, { refuse, onSettled: (one) => settled.push(one), ...options });
      return broker;
    });
  },
});

export const reds = JSON.stringify({ team: "Reds" });
