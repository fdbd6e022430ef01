import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bodyOf, Problem, problemFrom } from "./problem.ts";

/** Largest body that is read, in bytes: a thousand questions. */
export const bodyLimit = 512 * 1024;

/** Makes every error an answer in problem+json (RFC 9457), with the correlation id that the log has. */
export function answerProblems(http: FastifyInstance): void {
  http.setNotFoundHandler((request) => {
    throw new Problem(404, "No such resource", `there is no ${request.method} ${request.url.slice(0, 100)}`);
  });
  http.setErrorHandler(answerProblem);
}

const mistake = "the gateway made a mistake: its log has the same correlation id";

/** Length of a `traceparent` of W3C Trace Context. A client may send a longer one, which would fill the log. */
const traceparentLength = 55;

const traceOf = ({ headers: { traceparent } }: FastifyRequest) =>
  typeof traceparent === "string" && { traceparent: traceparent.slice(0, traceparentLength) };

/** An error of which the gateway or a farm is at fault. */
interface Fault {
  readonly status: number;
  /** Nothing if the gateway made a mistake. A known problem needs no stack trace. */
  readonly known: Problem | undefined;
  /** Place of the question in its list. */
  readonly index?: number;
}

/** Writes a fault to the log, with the ids of its request. */
export function logFault(request: FastifyRequest, error: Error, { known, ...fault }: Fault): void {
  const ids = { correlationId: request.id, ...traceOf(request) };
  const message = known ? error.message : mistake;
  request.log.warn({ ...ids, ...fault, ...(!known && { err: error }) }, message);
}

/** Answers an error. Logs it if the gateway or a farm is at fault. */
export function answerProblem(
  error: Error & { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const known = problemFrom(error);
  const problem = known ?? ofFastify(error);
  const { status, retryAfter } = problem;
  // A client that disconnects in the middle of its answer is no fault.
  if (status >= 500 && !request.raw.socket.destroyed) logFault(request, error, { status, known });
  if (retryAfter !== undefined) void reply.header("retry-after", retryAfter);
  // The route may have set it for a reply that is not sent.
  reply.removeHeader("etag");
  // Fastify closes the connection after 413, but many clients send all of a body before they read. Node.js drops what still comes.
  if (status === 413) reply.removeHeader("connection");
  void reply
    .code(status)
    .header("cache-control", "no-store")
    .header("content-type", "application/problem+json")
    .send(JSON.stringify(bodyOf(problem, request.id)));
}

/** The problem for an error of Fastify itself, such as a body that is too large or is not JSON. */
function ofFastify({ statusCode = 500, message }: Error & { statusCode?: number }): Problem {
  if (statusCode === 413) {
    return new Problem(413, "Too large", `a body has at most ${bodyLimit} bytes`);
  }
  if (statusCode === 415) return new Problem(415, "Not JSON", "a body must be application/json");
  if (statusCode === 414) return new Problem(404, "No such resource", "no path has a part that is so long");
  if (statusCode < 500) return new Problem(statusCode, "Bad request", message);
  return new Problem(500, "Error", mistake);
}

/** The problem for bytes that are not an HTTP request, by Node's error code. */
const brokenRequests: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, "Headers too large", "the head of a request has at most 16 KiB"),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(
    408,
    "Too slow",
    "a request's head must arrive in 10 s, and all of it in 30 s",
  ),
};
const broken = new Problem(400, "Bad request", "these bytes are not an HTTP/1.1 request");

/** Answers a connection whose bytes are not an HTTP request, and closes it. */
export function answerBroken({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  end(socket, brokenRequests[code ?? ""] ?? broken);
}

const isNoProxy = new Problem(405, "Method not allowed", "CONNECT is for proxies");

/** Answers CONNECT, for which Node.js makes no response. */
export const answerConnect = (socket: Duplex) =>
  end(socket, isNoProxy, "allow: GET, HEAD, POST, OPTIONS\r\n");

/** Sends a problem without Fastify, and closes the connection. */
function end(socket: Duplex, problem: Problem, head = ""): void {
  const body = JSON.stringify(bodyOf(problem, crypto.randomUUID()));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\n${head}content-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
