import type { Envelope, Headers } from "./envelope.ts";

/** Bytes of one buffer: room for the two hundred replies of a kilobyte that a busy server sends in one turn. */
const slabSize = 2 ** 18;

const frame = { method: 1, header: 2, body: 3, end: 0xce } as const;
/** Bytes around a frame's payload: type, channel and size before it, the end mark after it. */
const frameOverhead = 8;
const basic = 60;
const method = { publish: 40, ack: 80, nack: 120 } as const;
/** Which properties a content header has, from the highest bit down (AMQP 0-9-1, section 4.2.6.1). */
const flag = {
  contentType: 2 ** 15,
  headers: 2 ** 13,
  correlationId: 2 ** 10,
  replyTo: 2 ** 9,
  expiration: 2 ** 8,
} as const;

/** Encodes the frames of one channel (AMQP 0-9-1, section 4.2), one after the other, into a few large buffers. */
export class Frames {
  readonly #channel: number;
  readonly #frameMax: number;
  readonly #full: (bytes: Buffer) => void;
  #slab = Buffer.alloc(0);
  /** Start of the bytes that were not taken yet, and the position of the next one. */
  #begin = 0;
  #at = 0;

  /**
   * @param frameMax largest frame, in bytes, as it was negotiated with the broker
   * @param full gets the written bytes when a buffer is full
   */
  constructor(channel: number, frameMax: number, full: (bytes: Buffer) => void) {
    this.#channel = channel;
    this.#frameMax = frameMax;
    this.#full = full;
  }

  /** Takes all frames that were written. */
  take(): Buffer {
    const bytes = this.#slab.subarray(this.#begin, this.#at);
    this.#begin = this.#at;
    return bytes;
  }

  /** Reuses the buffer once everything that was taken is sent. A buffer of more than the usual size is dropped. */
  reuse(): void {
    if (this.#begin < this.#at) return;
    this.#begin = this.#at = 0;
    if (this.#slab.length > slabSize) this.#slab = Buffer.alloc(0);
  }

  /** @throws {RangeError} if a name or the headers are longer than AMQP allows */
  publish(envelope: Envelope, body: string): void {
    const { exchange, routingKey, mandatory = false, contentType, headers } = envelope;
    const { correlationId, replyTo, expiration } = envelope;
    const length = Buffer.byteLength(body);
    const room =
      roomFor(envelope) + length + frameOverhead * Math.ceil(length / (this.#frameMax - frameOverhead));
    const before = this.#reserve(room);
    try {
      const begin = this.#open(frame.method);
      this.#method(method.publish);
      this.#short(0);
      this.#shortString(exchange);
      this.#shortString(routingKey);
      this.#octet(Number(mandatory));
      this.#close(begin);

      const header = this.#open(frame.header);
      this.#short(basic);
      this.#short(0);
      this.#long(0);
      this.#long(length);
      this.#short(
        (contentType === undefined ? 0 : flag.contentType) +
          (headers === undefined ? 0 : flag.headers) +
          (correlationId === undefined ? 0 : flag.correlationId) +
          (replyTo === undefined ? 0 : flag.replyTo) +
          (expiration === undefined ? 0 : flag.expiration),
      );
      if (contentType !== undefined) this.#shortString(contentType);
      if (headers !== undefined) this.#table(headers);
      if (correlationId !== undefined) this.#shortString(correlationId);
      if (replyTo !== undefined) this.#shortString(replyTo);
      if (expiration !== undefined) this.#shortString(expiration);
      this.#close(header);
      const size = this.#at - header + frameOverhead - 1;
      if (size > this.#frameMax) throw new RangeError(`headers of ${size} bytes do not fit into a frame`);
      this.#body(body, length);
    } catch (error) {
      this.#at = before; // half a message would end the connection
      throw error;
    }
  }

  ack(deliveryTag: number, multiple: boolean): void {
    this.#settle(method.ack, deliveryTag, Number(multiple));
  }

  nack(deliveryTag: number, requeue: boolean): void {
    this.#settle(method.nack, deliveryTag, requeue ? 2 : 0);
  }

  #settle(what: number, deliveryTag: number, bits: number): void {
    this.#reserve(32);
    const begin = this.#open(frame.method);
    this.#method(what);
    this.#long(Math.floor(deliveryTag / 2 ** 32));
    this.#long(deliveryTag % 2 ** 32);
    this.#octet(bits);
    this.#close(begin);
  }

  /** Makes room. @returns the position at which writing begins */
  #reserve(room: number): number {
    if (this.#slab.length - this.#at < room) {
      if (this.#at > this.#begin) this.#full(this.take());
      // A new buffer: the socket may not have sent the bytes of the old one yet.
      this.#slab = Buffer.allocUnsafeSlow(Math.max(slabSize, room));
      this.#begin = this.#at = 0;
    }
    return this.#at;
  }

  #open(type: number): number {
    this.#octet(type);
    this.#short(this.#channel);
    this.#at += 4; // the size, known when the frame is closed
    return this.#at;
  }

  #close(begin: number): void {
    this.#slab.writeUInt32BE(this.#at - begin, begin - 4);
    this.#octet(frame.end);
  }

  #body(body: string, length: number): void {
    const most = this.#frameMax - frameOverhead;
    if (length <= most) {
      if (length === 0) return;
      const begin = this.#open(frame.body);
      this.#text(body, length);
      this.#close(begin);
      return;
    }
    const bytes = Buffer.from(body);
    for (let offset = 0; offset < length; offset += most) {
      const begin = this.#open(frame.body);
      this.#at += bytes.copy(this.#slab, this.#at, offset, Math.min(length, offset + most));
      this.#close(begin);
    }
  }

  #method(id: number): void {
    this.#short(basic);
    this.#short(id);
  }

  #octet(value: number): void {
    this.#slab[this.#at] = value;
    this.#at += 1;
  }

  #short(value: number): void {
    this.#at = this.#slab.writeUInt16BE(value, this.#at);
  }

  #long(value: number): void {
    this.#at = this.#slab.writeUInt32BE(value, this.#at);
  }

  /** @throws {RangeError} if it has more than 255 bytes */
  #shortString(text: string): void {
    const length = Buffer.byteLength(text);
    if (length > 255)
      throw new RangeError(`AMQP takes at most 255 bytes here, and these are ${length}: ${text}`);
    this.#octet(length);
    this.#text(text, length);
  }

  #text(text: string, length: number): void {
    // As many bytes as characters means ASCII. It is copied, which is faster than a conversion.
    this.#slab.write(text, this.#at, length, length === text.length ? "latin1" : "utf8");
    this.#at += length;
  }

  #table(headers: Headers): void {
    const begin = (this.#at += 4);
    for (const [name, value] of Object.entries(headers)) {
      this.#shortString(name);
      if (typeof value === "number") {
        this.#octet(0x49); // I: a signed integer of 32 bits
        this.#at = this.#slab.writeInt32BE(value, this.#at);
      } else {
        const length = Buffer.byteLength(value);
        this.#octet(0x53); // S: a long string
        this.#long(length);
        this.#text(value, length);
      }
    }
    this.#slab.writeUInt32BE(this.#at - begin, begin - 4);
  }
}

/** Upper bound of the bytes of the method and header frames. Longer names than 255 bytes are refused. */
function roomFor({ headers }: Envelope): number {
  let room = 2_048;
  if (!headers) return room;
  // UTF-8 takes at most three bytes for what JavaScript counts as one.
  for (const name in headers) room += 3 * (name.length + String(headers[name]).length) + 16;
  return room;
}
