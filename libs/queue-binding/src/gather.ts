import type { Duplex } from "node:stream";
import type { Channel } from "amqplib";

/**
 * Call after publishing: what is written in this turn of the event loop goes to the socket as one write, where amqplib
 * would make a system call per frame.
 *
 * amqplib moves frames to the socket in a `setImmediate` that it schedules in the next tick; ours comes right after it.
 */
export function gather(channel: Channel): void {
  // Not in amqplib's types, but there since its first version. Without it, frames are written one by one.
  const { stream } = channel.connection as { stream?: Duplex };
  if (!stream || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => setImmediate(() => stream.uncork()));
}

/**
 * Socket options that let a turn write up to 1 MiB. With Node's 16 kB amqplib takes a gathered socket for a full one,
 * and goes back to single writes.
 */
export const roomForOneTurn = { writableHighWaterMark: 2 ** 20 };
