/** Headers that `Frames` can write. Numbers are signed integers of 32 bits. */
export type Headers = Readonly<Record<string, string | number>>;

/** Address and properties of a message. */
export interface Envelope {
  readonly exchange: string;
  readonly routingKey: string;
  /** Whether the broker returns the message if no queue takes it. */
  readonly mandatory?: boolean;
  readonly contentType?: string;
  readonly headers?: Headers | undefined;
  readonly correlationId?: string | undefined;
  readonly replyTo?: string;
  /** In milliseconds, as text. */
  readonly expiration?: string;
}
