import type { Channel, ChannelModel } from "amqplib";
import { bounds, decodeContentHeader } from "./content-header.ts";

/** Members of amqplib's connection that its types leave out. */
interface Internals {
  /** Received bytes that are not decoded yet. */
  rest: Buffer;
  /** Decodes the next frame. @returns false if it is incomplete */
  recvFrame: () => unknown;
  /** Decodes and handles frames, now and when more bytes come. */
  acceptLoop: () => void;
  /** Open channels, by their number. */
  readonly channels: readonly ({ readonly channel: object } | null | undefined)[];
}

const frame = { header: 2, body: 3, end: 0xce } as const;
/** Bytes before a frame's payload: type, channel and size. */
const head = 7;
/** AMQP's class `basic`, which amqplib uses as the id of a decoded content header. */
const basic = 60;

/** Default limit of a body, in bytes: RabbitMQ 4's `max_message_size`. */
const largestBody = 16 * 2 ** 20;
const largestBodies = new WeakMap<object, number>();

/** Sets the largest body that this channel keeps. @param bytes 16 MiB for every other channel */
export const limitBodies = (channel: Channel, bytes: number) => void largestBodies.set(channel, bytes);

/**
 * Makes a connection decode message properties within {@link bounds}. amqplib's own decoder overflows the stack on nested
 * headers, which ends the connection. A body above the limit is skipped as it comes, and never held in memory. Its message
 * is delivered nevertheless, and its {@link Properties} say what is missing.
 *
 * amqplib looks `recvFrame` up at each frame, so it is replaced on the open connection. This also works if amqplib is
 * bundled, or was loaded by somebody else.
 *
 * @throws {Error} if this version of amqplib works in another way; then nothing is bounded
 */
export function boundDecoding({ connection }: Pick<ChannelModel, "connection">): void {
  const internals = connection as unknown as Internals;
  const { recvFrame } = internals;
  /** Bytes of bodies that are still to be skipped, by channel. */
  const passed = new Map<number, number>();
  internals.recvFrame = function (this: Internals): unknown {
    for (;;) {
      const { rest } = this;
      const type = rest[0];
      if (type !== frame.header && passed.size === 0) return recvFrame.call(this);
      if (rest.length <= head) return recvFrame.call(this);
      const channel = rest.readUInt16BE(1);
      const end = head + rest.readUInt32BE(3);
      // Incomplete or malformed: amqplib reads more bytes, or reports the error.
      if (rest[end] !== frame.end) return recvFrame.call(this);
      if (type === frame.header) {
        this.rest = rest.subarray(end + 1);
        const { size, fields } = decodeContentHeader(rest.subarray(head, end));
        const limit = largestBodies.get(this.channels[channel]?.channel ?? this) ?? largestBody;
        if (size <= limit) return { id: basic, channel, size, fields };
        passed.set(channel, size);
        fields.bodySize = size;
        return { id: basic, channel, size: 0, fields };
      }
      const left = passed.get(channel);
      // A method frame in the middle of a body ends the channel. A new channel may get its number.
      if (left === undefined || type !== frame.body) {
        passed.delete(channel);
        return recvFrame.call(this);
      }
      if (left > end - head) passed.set(channel, left - (end - head));
      else passed.delete(channel);
      this.rest = rest.subarray(end + 1);
    }
  };
  check(internals);
}

/** Gives a copy of amqplib's connection a message that is nested too deep. @throws {Error} if amqplib's own decoder reads it */
function check(internals: Internals): void {
  let accepted: { fields?: { unreadable?: string } } | undefined;
  const aside = Object.create(internals, {
    rest: { value: nested(bounds.depth + 1), writable: true },
    stream: { value: { on: () => {}, read: () => null } },
    accept: { value: (frame: typeof accepted) => (accepted = frame) },
    emit: { value: () => false },
  }) as Internals;
  aside.acceptLoop();
  if (accepted?.fields?.unreadable === undefined) throw new Error("amqplib decodes messages in another way");
}

/** A content header whose headers are tables in tables, so many levels deep. */
function nested(depth: number): Buffer {
  let table = Buffer.alloc(4);
  for (let level = 0; level < depth; level += 1) {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(2 + table.length);
    table = Buffer.concat([size, Buffer.from("\0F"), table]);
  }
  const payload = Buffer.concat([Buffer.from([0, basic, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0]), table]);
  const opening = Buffer.from([frame.header, 0, 1, 0, 0, 0, 0]);
  opening.writeUInt32BE(payload.length, 3);
  return Buffer.concat([opening, payload, Buffer.from([frame.end])]);
}
