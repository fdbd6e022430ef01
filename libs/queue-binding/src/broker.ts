import { setTimeout as pause } from "node:timers/promises";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { askEach, type Answered, type AskEachOptions, type Question } from "./client/ask-each.ts";
import { checkText, checkTime } from "./checks.ts";
import { Connection } from "./connection/connection.ts";
import { checkConnectionOptions, type ConnectionOptions } from "./connection/options.ts";
import type { Conversation, Read, Written } from "./conversation.ts";
import { DeadLetters } from "./client/dead-letters.ts";
import { ClosedError, type QueueCounts } from "./errors.ts";
import {
  checkClientOptions,
  type AskOptions,
  type Gathered,
  type GatherOptions,
  type RequestClientOptions,
} from "./client/options.ts";
import { RequestClient } from "./client/request-client.ts";
import { survey, type Survey, type SurveyOptions } from "./client/survey.ts";
import type { AnswerOptions, Handler } from "./server/answer-options.ts";
import { Responder, type RespondOptions } from "./server/responder.ts";
import { RequestServer } from "./server/request-server.ts";
import { remove } from "./connection/topology.ts";
import type { Stream } from "./stream/stream.ts";
import { StreamPublisher } from "./stream/stream-publisher.ts";
import { StreamReader, type FollowOptions } from "./stream/stream-reader.ts";

/** The connection to a broker, and the limits of a client's requests. */
export interface BrokerOptions extends ConnectionOptions, RequestClientOptions {}

/** A broker, as a client and as a server of typed conversations. */
export class Broker {
  readonly #connection: Connection;
  readonly #options: RequestClientOptions;
  #client: RequestClient | undefined;
  #drained: Promise<void> | undefined;
  readonly #servers = new Set<RequestServer<StandardSchemaV1, StandardSchemaV1>>();
  readonly #responders = new Set<Pick<Responder<StandardSchemaV1, StandardSchemaV1>, "close">>();
  readonly #readers = new Set<Pick<StreamReader<StandardSchemaV1>, "close">>();
  #publisher: StreamPublisher | undefined;

  constructor(connection: Connection, options: RequestClientOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Whether there is a connection at present. */
  get connected(): boolean {
    return this.#connection.connected;
  }

  /** Whether there is a connection, or one is being opened. If neither, restart the process. */
  get alive(): boolean {
    return this.#connection.alive && [...this.#servers].every((server) => server.alive);
  }

  /** Why the broker takes no messages at present (a memory or disk alarm). Nothing while it takes them. */
  get blocked(): string | undefined {
    return this.#connection.blocked;
  }

  /** How often the connection was lost and came back. */
  get reconnections(): number {
    return this.#connection.reconnections;
  }

  /** URL of this broker, without the password. */
  get address(): string {
    return this.#connection.address;
  }

  /**
   * Sends a request, and resolves to its reply.
   *
   * @throws {@link ValidationError} if the request does not match its schema (it is not sent), or the reply does not
   * @throws {@link NoServersError} if no queue takes the request, or no server listens to its queue
   * @throws {@link AnswerTimeoutError} if there is no reply by the deadline
   * @throws {@link TooManyRequestsError} if too many requests are not answered yet
   * @throws {@link BrokerUnreachableError} if no broker is connected by the deadline, or for longer than `brokerAbsence`
   * @throws {@link AccessRefusedError} if the broker does not let this user send the request
   * @throws {@link ClosedError} if this broker is draining
   * @throws `RangeError` if the deadline is not a valid time, or a name has more than AMQP's 255 bytes
   */
  ask<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Conversation<Request, Reply>,
    request: Written<Request>,
    options?: AskOptions,
  ): Promise<Read<Reply>> {
    return this.#requests.ask(conversation, request, options);
  }

  /** @throws {@link ClosedError} once this broker is draining */
  get #open(): Connection {
    if (this.#drained) throw new ClosedError("this connection is drained: connect again");
    return this.#connection;
  }

  get #requests(): RequestClient {
    return (this.#client ??= new RequestClient(this.#connection, this.#options));
  }

  /**
   * Asks each question and yields each result as soon as it is there. A request that fails does not end the others.
   * Leaving the loop cancels the requests that are not answered.
   */
  askEach<
    Request extends StandardSchemaV1,
    Reply extends StandardSchemaV1,
    Asked extends Question<Request, Reply>,
  >(
    questions: Iterable<Asked & Question<Request, Reply>>,
    options: AskEachOptions = {},
  ): AsyncGenerator<Answered<Asked, Read<Reply>>, void, undefined> {
    return Broker.askEach<Request, Reply, Asked>(() => this, questions, options);
  }

  /** Asks each question at the broker that `brokerFor` returns. An error of `brokerFor` becomes the error of its question. */
  static askEach<
    Request extends StandardSchemaV1,
    Reply extends StandardSchemaV1,
    Asked extends Question<Request, Reply>,
  >(
    this: void,
    brokerFor: (question: Asked) => Broker,
    questions: Iterable<Asked & Question<Request, Reply>>,
    options: AskEachOptions = {},
  ): AsyncGenerator<Answered<Asked, Read<Reply>>, void, undefined> {
    return askEach<Request, Reply, Asked>(
      // Async, so that an error of `brokerFor` becomes a rejection.
      async (question, one) => {
        const [conversation, request] = question;
        return brokerFor(question).#requests.ask(conversation, request, { ...one, together: true });
      },
      questions,
      options,
    );
  }

  /**
   * Sends one message to every queue that is bound to its routing key, and yields each reply. It ends after `count` replies,
   * at the deadline, or when the signal aborts. The message is sent once: replies that a lost connection takes along are lost.
   *
   * @throws {@link ValidationError} if the request does not match its schema
   * @throws {@link NoServersError} if no queue takes it
   * @throws {@link BrokerUnreachableError} if no broker is connected at present, or it takes no messages
   * @throws {@link AccessRefusedError} if the broker does not let this user send it
   * @throws {@link ClosedError} if this broker is draining
   * @throws `RangeError` if the deadline is not a valid time, or the count not a whole number from 1
   */
  gather<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Pick<
      Conversation<Request, Reply>,
      "exchange" | "routingKey" | "request" | "reply" | "version"
    >,
    request: Written<Request>,
    options?: GatherOptions,
  ): AsyncGenerator<Gathered<Read<Reply>>, void, undefined> {
    return this.#requests.gather(conversation, request, options);
  }

  /**
   * Asks every server of a conversation's queue. Resolves once as many have replied as listen there, or at the deadline. A server
   * that does not {@link respond} counts as silent.
   *
   * @throws the errors of `gather`, except a `NoServersError`
   */
  async survey<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Conversation<Request, Reply>,
    request: Written<Request>,
    options?: SurveyOptions,
  ): Promise<Survey<Read<Reply>>> {
    return survey(this.#open, this.#requests, conversation, request, options);
  }

  /**
   * Answers the questions that go to every process of a conversation, until this broker is drained. Each process has a queue of
   * its own, bound with the conversation's binding key and named after its queue. So a question does not wait behind requests.
   * Returns at once: the queue is declared as soon as it can be. If the broker forbids that, the log says so. A process answers
   * at most 100 questions a second.
   */
  respond<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: RespondOptions<Written<Reply>>,
  ): void {
    const responder = new Responder(this.#open, conversation, handler, options);
    this.#responders.add(responder);
    void responder.open();
  }

  /** Answers the requests of a conversation until it is drained. @throws {@link AccessRefusedError} if the broker forbids it */
  async answer<Request extends StandardSchemaV1, Reply extends StandardSchemaV1>(
    conversation: Conversation<Request, Reply>,
    handler: Handler<Request, Reply>,
    options: AnswerOptions<Written<Reply>>,
  ): Promise<RequestServer<Request, Reply>> {
    const server = new RequestServer(this.#open, conversation, handler, options);
    await server.start();
    this.#servers.add(server as never);
    return server;
  }

  /**
   * Publishes to a stream, and resolves once the stream holds the message.
   *
   * @throws {@link ValidationError} if the message does not match its schema; nothing was sent
   * @throws {@link AccessRefusedError} if this user may not publish there
   * @throws {@link ClosedError} if this broker is drained before the message is confirmed
   */
  publish<Message extends StandardSchemaV1>(
    stream: Stream<Message>,
    routingKey: string,
    message: Written<Message>,
    signal?: AbortSignal,
  ): Promise<void> {
    this.#publisher ??= new StreamPublisher(this.#connection);
    return this.#publisher.publish(stream, routingKey, message, signal);
  }

  /** Reads a stream from a time in the past on, until the broker is drained. It waits for a stream that does not exist yet. */
  follow<Message extends StandardSchemaV1>(
    stream: Stream<Message>,
    options: FollowOptions<Read<Message>>,
  ): StreamReader<Message> {
    const reader = new StreamReader(this.#open, stream, options);
    this.#readers.add(reader);
    return reader;
  }

  /** Waiting requests and consumers of a conversation's queue. Nothing if there is no such queue, or the broker cannot say. */
  async counts(conversation: Pick<Conversation, "queue">): Promise<QueueCounts | undefined> {
    checkText("queue", conversation.queue);
    return this.#connection.counts(conversation.queue);
  }

  /**
   * Takes the oldest dead letters of a conversation. It takes none if there is no such queue.
   *
   * @param limit how many at most, from 1
   * @throws {@link AccessRefusedError} if this user may not read them
   */
  async deadLetters(conversation: Pick<Conversation, "deadLetter">, limit: number): Promise<DeadLetters> {
    return DeadLetters.open(this.#open, conversation.deadLetter, limit);
  }

  /** Deletes a queue with its retry queues and its quarantine queue. A queue with a consumer or a message stays. */
  async remove(queue: string): Promise<void> {
    await remove(this.#open, queue);
  }

  /** Deletes a stream with all its messages. Its readers begin again with the next one. */
  async removeStream(stream: Pick<Stream, "queue">): Promise<void> {
    await this.#open.withChannel((channel) => channel.deleteQueue(stream.queue));
  }

  /**
   * Stops consuming, finishes the requests that servers hold, waits for the replies to this client's requests, and closes the
   * connection.
   *
   * @param timeout milliseconds for all of it. A fifth of it, at most 5 s, is kept for the end. When only that is left, servers
   * give their requests back to the queue, and unanswered requests of this client fail with a `ClosedError`
   * @throws `RangeError` if the timeout is not a valid time
   */
  drain(timeout = 25_000): Promise<void> {
    checkTime("timeout", timeout);
    return (this.#drained ??= this.#drain(timeout));
  }

  async #drain(timeout: number): Promise<void> {
    const leave = Math.min(5_000, timeout / 5);
    const end = performance.now() + timeout;
    const left = (reserve: number) => Math.max(0, end - reserve - performance.now());
    /** Waits no longer than planned: a broker that is frozen, or takes no messages, never answers. */
    const orGoOn = (work: Promise<unknown>) =>
      Promise.race([work, pause(left(leave / 2), undefined, { ref: false })]);
    await orGoOn(Promise.all([...this.#responders].map((responder) => responder.close())));
    await orGoOn(Promise.all([...this.#servers].map((server) => server.drain(left(leave)))));
    if (this.#client) await orGoOn(this.#client.drain(left(leave)));
    await orGoOn(Promise.all([...this.#readers].map((reader) => reader.close())));
    if (this.#publisher) await orGoOn(this.#publisher.close());
    await this.#connection.close(Math.min(leave, left(0)));
  }
}

/**
 * Connects to a broker.
 *
 * @param urls `amqp://user:password@host:5672/vhost` or `amqps://…`; several nodes of a cluster are separated by commas
 * @throws `TypeError` if one is not an AMQP URL, or an option has the wrong type
 * @throws `RangeError` if an option is not a number in its range
 * @throws {@link BrokerUnreachableError} if no broker answers within the patience
 * @throws {@link AccessRefusedError} if the broker refuses the credentials, the virtual host or the certificate
 */
export async function connect(urls: string, options: BrokerOptions): Promise<Broker> {
  checkConnectionOptions(options);
  checkClientOptions(options);
  return new Broker(await Connection.open(urls, options), options);
}

/** As `broker.askEach`, but each question goes to the broker that `brokerFor` returns. Its error becomes that of the question. */
export const askEachAt = Broker.askEach;
