/** What amqplib and we can write alike. Numbers are whole, of 32 bits. */
export type Headers = Readonly<Record<string, string | number>>;

/** What a message has beside its body. */
export interface Envelope {
  readonly exchange: string;
  readonly routingKey: string;
  /** Whether it comes back if no queue takes it. */
  readonly mandatory?: boolean;
  readonly contentType?: string;
  readonly headers?: Headers | undefined;
  readonly correlationId?: string | undefined;
  readonly replyTo?: string;
  /** In milliseconds, as text. */
  readonly expiration?: string;
}
