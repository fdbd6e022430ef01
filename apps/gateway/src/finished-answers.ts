import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { LRUCache } from "lru-cache";
import { cacheControl, matches } from "./cached.ts";
import { namesHost } from "./host.ts";
import type { Measured } from "./http-metrics.ts";

/** An answer in the form in which it is sent. */
export interface Finished {
  readonly etag: string;
  /** When it may change, in milliseconds of `Date.now()`. */
  readonly until: number;
  readonly type: string;
  readonly body: Buffer;
}

/** The head of an answer: names and values in turn, beginning with `Cache-Control`. */
interface Head {
  readonly route: string;
  readonly whole: string[];
  /** Of a 304. */
  readonly known: string[];
}

/** Memory of finished answers, in characters. */
const maxSize = 4 * 1024 * 1024;

/** Answers by their URL and `Accept`: the same words mean the same until the answer may change. */
export class FinishedAnswers {
  readonly #kept: LRUCache<string, Finished> | undefined;
  readonly #heads = new WeakMap<Finished, Head>();
  readonly #measured: Measured | undefined;

  /** @param entries to keep; 0 for none */
  constructor(entries: number, measured?: Measured) {
    this.#measured = measured;
    const sizeCalculation = ({ body }: Finished, key: string) => body.length + key.length;
    if (entries > 0) this.#kept = new LRUCache({ max: entries, maxSize, sizeCalculation });
  }

  get(request: IncomingMessage): Finished | undefined {
    const finished = this.#kept?.get(keyOf(request));
    return finished && finished.until > Date.now() ? finished : undefined;
  }

  keep(request: IncomingMessage, finished: Finished): void {
    this.#kept?.set(keyOf(request), finished);
  }

  /** Keeps the head of an answer that is wanted again. @param reply has its headers, except those of the body */
  keepHead(finished: Finished, reply: FastifyReply): void {
    if (this.#heads.has(finished)) return;
    const { "cache-control": _, ...rest } = reply.getHeaders();
    const known = ["cache-control", "", ...Object.entries(rest).flat().map(String)];
    const { type, body } = finished;
    const length = String(Buffer.byteLength(body));
    const whole = [...known, "content-type", type, "content-length", length];
    this.#heads.set(finished, { route: reply.request.routeOptions.url ?? "none", whole, known });
  }

  /**
   * Answers before Fastify begins, if it has answered the same before. Requests that wait behind others of their connection are
   * Fastify's: it bounds them.
   *
   * @returns whether it is answered
   */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== "GET" || !namesHost(request) || !response.socket) return false;
    const began = performance.now();
    const finished = this.get(request);
    const head = finished && this.#heads.get(finished);
    if (!head) return false;
    const isKnown = matches(request.headers["if-none-match"], finished.etag);
    const status = isKnown ? 304 : 200;
    const headers = isKnown ? head.known : head.whole;
    headers[1] = cacheControl(finished.until);
    response.on("finish", () => this.#measured?.("GET", head.route, status, performance.now() - began));
    response.writeHead(status, headers).end(isKnown ? undefined : finished.body);
    return true;
  }
}

const keyOf = ({ url = "", headers }: IncomingMessage) => `${url} ${headers.accept ?? ""}`;
