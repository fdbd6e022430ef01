import type { StandardSchemaV1 } from "@standard-schema/spec";
import {
  largestBody,
  largestReply,
  type AnswerOptions,
  type Context,
  type Handler,
  type Refusal,
} from "./answer-options.ts";
import type { Delivery } from "./delivery.ts";
import { validate, type Conversation, type Read, type Written } from "../conversation.ts";
import { ValidationError, summary } from "../errors.ts";
import { PermanentError } from "../wire/attempts.ts";
import { encode } from "../wire/body.ts";
import { versionIssue } from "../wire/version.ts";

/** A validated reply, and its encoded body. */
export interface Finished<Reply> {
  readonly reply: Reply;
  readonly body: string;
}

/** A try of a request, as its handler sees it. Few handlers read the signal, so it is made when they do. */
class Try implements Context {
  readonly id: string | undefined;
  readonly routingKey: string;
  readonly attempt: number;
  #controller: AbortController | undefined;

  constructor({ id, origin, attempt }: Delivery) {
    this.id = id;
    this.routingKey = origin.routingKey;
    this.attempt = attempt;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  abort(reason: Error): void {
    (this.#controller ??= new AbortController()).abort(reason);
  }
}

/** Turns requests into replies that can be sent. */
export class Answerer<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  readonly #conversation: Conversation<Request, Reply>;
  readonly #handler: Handler<Request, Reply>;
  readonly #options: AnswerOptions<Written<Reply>>;
  /** Frozen replies that are validated and encoded already. */
  readonly #finished = new WeakMap<object, Finished<Written<Reply>>>();

  constructor(
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: AnswerOptions<Written<Reply>>,
  ) {
    this.#conversation = conversation;
    this.#handler = handler;
    this.#options = options;
  }

  /** @throws the errors of the handler; a `ValidationError` if its reply is invalid, a `PermanentError` if it is too large */
  async answer(delivery: Delivery): Promise<Finished<Written<Reply>>> {
    // The version is compared first, because the body of a newer version may not match this server's schema.
    const message = versionIssue(this.#conversation, delivery.message.properties);
    if (message) return this.refuse({ reason: "unsupported-version", message, issues: [] });
    const request = this.#read(delivery);
    if (request instanceof ValidationError) {
      const { issues } = request;
      return this.refuse({ reason: "invalid-request", message: summary(issues), issues });
    }
    const reply = await this.#handle(request, delivery);
    const known = isFrozen(reply) ? this.#finished.get(reply) : undefined;
    if (known) return known;
    validate("reply", this.#conversation.strictReply ?? this.#conversation.reply, reply);
    const finished = this.#encoded(reply);
    if (isFrozen(reply)) this.#finished.set(reply, finished);
    return finished;
  }

  /** @throws the errors of the option `refuse` */
  refuse(refusal: Refusal): Finished<Written<Reply>> {
    return this.#encoded(this.#options.refuse(refusal));
  }

  #read(delivery: Delivery): Read<Request> | ValidationError {
    const { maxBody = largestBody } = this.#options;
    try {
      return validate("request", this.#conversation.request, delivery.read(maxBody));
    } catch (error) {
      if (error instanceof ValidationError) return error;
      throw error;
    }
  }

  /** @throws if it takes longer than `requestTimeout` */
  #handle(request: Read<Request>, delivery: Delivery): Written<Reply> | Promise<Written<Reply>> {
    const context = new Try(delivery);
    const result = this.#handler(request, context);
    // Any thenable gets the timeout, also those of some database clients.
    if (typeof (result as PromiseLike<unknown> | undefined)?.then !== "function") return result;
    const { requestTimeout = 30_000 } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new Error(`it was not done within ${requestTimeout / 1_000} s`);
        context.abort(error);
        reject(error);
      }, requestTimeout);
      Promise.resolve(result)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  #encoded(reply: Written<Reply>): Finished<Written<Reply>> {
    const { maxReply = largestReply } = this.#options;
    const body = encode(reply);
    // UTF-8 takes at most three bytes for each of JavaScript's code units.
    if (body.length * 3 > maxReply && Buffer.byteLength(body) > maxReply) {
      const bytes = Buffer.byteLength(body);
      throw new PermanentError(`the reply has ${bytes} bytes, and at most ${maxReply} are sent`);
    }
    return { reply, body };
  }
}

const isFrozen = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.isFrozen(value);
