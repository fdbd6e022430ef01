import type { Channel, ChannelModel } from "amqplib";
import { bounds, decodeContentHeader } from "./content-header.ts";

/** What amqplib's connection has beside its types. */
interface Internals {
  /** Bytes that were received and are not decoded. */
  rest: Buffer;
  /** Decodes the next frame. @returns false if it is not all there */
  recvFrame: () => unknown;
  /** Decodes and accepts frames, now and as more bytes come. */
  acceptLoop: () => void;
  /** Those that are open, by their number. */
  readonly channels: readonly ({ readonly channel: object } | null | undefined)[];
}

const frame = { header: 2, body: 3, end: 0xce } as const;
/** Type, channel and size before a frame's payload. */
const head = 7;
/** The class of all messages, and amqplib's name for a decoded content header. */
const basic = 60;

/** The largest body that is kept, by default: what RabbitMQ 4 takes from anybody. In bytes. */
const largestBody = 16 * 2 ** 20;
const largestBodies = new WeakMap<object, number>();

/** Keeps no body on this channel that is larger. @param bytes 16 MiB for every other channel */
export const limitBodies = (channel: Channel, bytes: number) => void largestBodies.set(channel, bytes);

/**
 * Lets a connection decode the properties of every message within bounds, in place of amqplib, which overflows the stack on
 * nested headers and so ends the connection. A body that is too large is passed over as it comes, and never held. The message
 * arrives all the same, and its {@link Properties} say what is missing.
 *
 * amqplib looks `recvFrame` up at each frame: therefore it is enough to replace it on the connection, once that is open.
 * None of the package's files needs to be found, whoever bundles them and whoever loaded them first.
 *
 * @throws {Error} if this amqplib works in another way, so that nothing is bounded
 */
export function boundDecoding({ connection }: Pick<ChannelModel, "connection">): void {
  const internals = connection as unknown as Internals;
  const { recvFrame } = internals;
  /** Bytes of bodies that are still to be passed over, by channel. */
  const passed = new Map<number, number>();
  internals.recvFrame = function (this: Internals): unknown {
    for (;;) {
      const { rest } = this;
      const type = rest[0];
      if (type !== frame.header && passed.size === 0) return recvFrame.call(this);
      if (rest.length <= head) return recvFrame.call(this);
      const channel = rest.readUInt16BE(1);
      const end = head + rest.readUInt32BE(3);
      // Not all there, or no frame: amqplib reads more, or says so.
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
      // A method in the middle of a body ends the channel, whose number a new one may get.
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

/** Gives amqplib, aside from the connection, a message that is nested too deep. @throws {Error} if it decodes it by itself */
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

/** A content header without a body, whose headers hold a table in a table so many times. */
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
