import type { Command } from "@commander-js/extra-typings";
import * as z from "zod";
import { exitCode, withWho, type ExitCode } from "../exit-code.ts";
import { json, timeOption, whole } from "../options.ts";
import { clustersOf, type Terminal } from "../terminal.ts";

export function addGather(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  weather
    .command("gather")
    .description("send one message to a topic, and show every reply")
    .argument(
      "<routing-key>",
      "such as sports.ohio: Ohio's farm receives it, and so does every queue bound to sports.#",
    )
    .option("--body <json>", "the message", json, {})
    .option("--count <n>", "number of replies after which to end", whole(1, 100_000))
    .addOption(timeOption("--deadline <time>", "how long to wait for replies", "3s"))
    .action(async (routingKey, { body, ...options }) => {
      ended(await gather(routingKey, body, options, terminal));
    });
}

interface GatherOptions {
  /** Ends after this many replies. */
  count?: number;
  /** Milliseconds to wait for replies. */
  deadline: number;
}

/** Sends one message to a topic, and shows every reply as it comes, one JSON value per line. @returns the exit code */
async function gather(
  routingKey: string,
  body: unknown,
  options: GatherOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const clusters = clustersOf(terminal);
  // Replies have no schema, because anybody may answer.
  const anything = { exchange: "amq.topic", routingKey, request: z.unknown(), reply: z.unknown() };
  let replies = 0;
  try {
    const broker = await clusters.of(routingKey.split(".").at(-1)).open();
    for await (const { reply, error } of broker.gather(anything, body, options)) {
      replies += 1;
      if (error) terminal.say((error as Error).message);
      else terminal.json(reply);
    }
    if (replies > 0) return exitCode.ok;
    terminal.say(`${routingKey} was heard, but nobody replied within ${options.deadline / 1_000} s`);
    return exitCode.unanswered;
  } catch (error) {
    const who = "The user client may send to weather.STATE alone, the user admin anywhere (docs/security.md)";
    throw withWho(error, who);
  } finally {
    await clusters.drain();
  }
}
