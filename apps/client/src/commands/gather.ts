import { AccessRefusedError } from "@weather/queue-binding";
import { z } from "zod";
import { exitCode, sentence, type ExitCode } from "./exit-code.ts";
import { connected, type Terminal } from "./terminal.ts";

export interface GatherOptions {
  /** Replies that are enough. */
  count?: number;
  /** Milliseconds to wait for replies. */
  deadline: number;
}

/** Sends one message to a topic, and shows every reply as it comes, one JSON value per line. @returns the exit code */
export async function gather(
  routingKey: string,
  body: unknown,
  options: GatherOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const broker = await connected(terminal);
  // Whoever listens says what it likes.
  const anything = { exchange: "amq.topic", routingKey, request: z.unknown(), reply: z.unknown() };
  let replies = 0;
  try {
    for await (const { reply, error } of broker.gather(anything, body, options)) {
      replies += 1;
      if (error) terminal.stderr.write(`weather: ${(error as Error).message}\n`);
      else terminal.stdout.write(`${JSON.stringify(reply)}\n`);
    }
    if (replies > 0) return exitCode.ok;
    terminal.stderr.write(
      `weather: ${routingKey} was heard, but nobody replied within ${options.deadline / 1_000} s\n`,
    );
    return exitCode.unanswered;
  } catch (error) {
    if (!(error instanceof AccessRefusedError)) throw error;
    const who = "The user client may send to weather.STATE alone, the user admin anywhere (docs/security.md)";
    throw new AccessRefusedError(`${sentence(error.message)} ${who}`, { cause: error });
  } finally {
    await broker.drain();
  }
}
