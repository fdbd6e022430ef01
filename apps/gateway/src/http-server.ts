import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { answerBroken, answerConnect, answerProblem, answerProblems, bodyLimit } from "./answer-problems.ts";
import { namesHost } from "./host.ts";
import { boundPipelining } from "./pipelining.ts";
import { Problem } from "./problem.ts";
import { isProbe } from "./routes/probes.ts";
import { security } from "./security.ts";
import type { GatewaySettings } from "./settings.ts";

const noHost = new Problem(400, "Bad request", "a request of HTTP/1.1 has one Host header, with a host");

/** Options of Node.js's server. Times are in milliseconds. */
const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Between two searches for requests that take too long to arrive.
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  // Node.js would answer a request without a Host header without problem+json.
  requireHostHeader: false,
  // Node.js would drop the second of two Host headers.
  joinDuplicateHeaders: true,
};

/** No route has a schema of Fastify. Its own compilers of schemas would take a tenth of the start. */
const withoutSchemas = () => {
  throw new Error("no route has a schema");
};

/**
 * A server of HTTP without routes. It bounds what clients may send, and answers every error with problem+json.
 *
 * @param answer answers some requests before Fastify begins, and says whether it did
 */
export async function httpServer(
  settings: GatewaySettings,
  loggerInstance: FastifyBaseLogger,
  answer: (request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<FastifyInstance> {
  const http: FastifyInstance = Fastify({
    loggerInstance,
    // Log lines name their request themselves, because a child logger would cost more time than the route.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    bodyLimit,
    serverFactory: (handler) =>
      createServer(serverOptions, (request, response) => {
        // Node.js still reads the requests that came in one packet with the last one that was accepted.
        if (request.socket.destroyed) return;
        if (!answer(request, response)) handler(request, response);
      }),
    forceCloseConnections: "idle",
    // Fastify would answer 503 without problem+json.
    return503OnClosing: false,
    trustProxy: settings.TRUST_PROXY ?? false,
    routerOptions: { maxParamLength: 100 },
    schemaController: {
      compilersFactory: { buildValidator: withoutSchemas, buildSerializer: withoutSchemas },
    },
    // Answers errors that come before the routing, such as a URL with a broken % escape.
    frameworkErrors: answerProblem,
    // Answers errors that come before a request exists, such as a head that is too large.
    clientErrorHandler: answerBroken,
  });
  http.removeContentTypeParser("text/plain");
  http.server.maxConnections = 20_000;
  // Node.js would answer 417 to any expectation but 100-continue. A server may ignore one (RFC 9110, 10.1.1).
  http.server.on("checkExpectation", (request, response) => http.server.emit("request", request, response));
  http.server.on("connect", (_, socket) => answerConnect(socket));
  boundPipelining(http);
  await protect(http, settings);
  answerProblems(http);
  return http;
}

async function protect(http: FastifyInstance, { RATE_LIMIT, CORS_ORIGIN }: GatewaySettings): Promise<void> {
  http.addHook("onRequest", ({ raw }, reply, done) => {
    void reply.headers(security);
    done(namesHost(raw) ? undefined : noHost);
  });
  // Most gateways need neither of these two plugins, so that they are read only where they are used.
  if (CORS_ORIGIN)
    await http.register(import("@fastify/cors"), {
      origin: CORS_ORIGIN,
      exposedHeaders: ["ETag", "Retry-After"],
      strictPreflight: false,
    });
  if (RATE_LIMIT === 0) return;
  await http.register(import("@fastify/rate-limit"), {
    global: false,
    max: RATE_LIMIT,
    timeWindow: 60_000,
    allowList: isProbe,
    errorResponseBuilder: (_, { ttl }) =>
      new Problem(
        429,
        "Too many requests",
        `at most ${RATE_LIMIT} requests a minute are answered to one address`,
        {},
        Math.ceil(ttl / 1_000),
      ),
  });
  // For every request: the plugin itself would leave out unknown paths and methods.
  http.addHook("onRequest", http.rateLimit());
}
