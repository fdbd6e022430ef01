import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import accepts from "@fastify/accepts";
import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import { stateNames, usStates, type StateName } from "@weather/contracts";
import { cannotListen, type Running, type Work } from "@weather/process";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { Answers } from "./answers.ts";
import { FinishedAnswers } from "./finished-answers.ts";
import { namesHost } from "./host.ts";
import { measure, measuredIn, measureListeners } from "./http-metrics.ts";
import { brokerFiguresOf } from "./live/broker-figures.ts";
import { Farms } from "./live/farms.ts";
import { Live } from "./live/live.ts";
import { OpenQuestions } from "./open-questions.ts";
import { boundPipelining } from "./pipelining.ts";
import { Problem, stopping } from "./problem.ts";
import { answerBroken, answerConnect, answerProblem, answerProblems, bodyLimit } from "./answer-problems.ts";
import { addRoutes } from "./routes/all.ts";
import { isProbe } from "./routes/probes.ts";
import { security } from "./security.ts";
import type { GatewaySettings } from "./settings.ts";
import { endConnections } from "./end-connections.ts";

/** How long a request waits for a lost broker, in milliseconds, so that its client gets 503 within a second. */
const brokerAbsence = 500;

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

/** States that AMQP_ROUTES may name. They include states without a farm. */
const routable = usStates.map(({ key }) => key);

/** Begins to answer HTTP: probes at once, forecasts as soon as the broker is there. */
export async function startGateway({
  settings,
  log,
  health,
  clusters: clustersOf,
}: Running<GatewaySettings>): Promise<Work> {
  const loggerInstance: FastifyBaseLogger = log;
  const measured = health && measuredIn(health.metrics.registry);
  const finished = new FinishedAnswers(settings.CACHE_ENTRIES, measured);
  let draining = false;
  // Fastify counts requests that are limited, and closes connections while it drains.
  const answersAtOnce = () => settings.RATE_LIMIT === 0 && !draining;
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
        if (!answersAtOnce() || !finished.answer(request, response)) handler(request, response);
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
  const connectionsEnded = endConnections(http);
  await protect(http, settings);
  answerProblems(http);
  if (measured) measure(http, measured);

  const open = new OpenQuestions(settings.MAX_IN_FLIGHT);
  // The gateway bounds the questions of each state itself: those of one state never wait in a client behind another's.
  const limits = { maxInFlight: Infinity, brokerAbsence };
  const clusters = clustersOf({ states: stateNames, routable }, limits);
  // Until the broker is there, requests get an error that says so; the probes answer.
  const brokerOf = (state: StateName) => clusters.of(state).broker;
  const answers = new Answers(brokerOf, {
    deadline: settings.REQUEST_DEADLINE,
    open,
    entries: settings.CACHE_ENTRIES,
  });
  const farms = new Farms(clusters, log, brokerFiguresOf(settings, log));
  const live = new Live(farms, log);
  if (health) measureListeners(live, health.metrics);
  addRoutes(http, {
    ...{ answers, finished, open, clusters, settings, health, farms, live },
  });
  http.addHook("onRequest", (request, _, done) =>
    done(draining && !isProbe(request) ? stopping() : undefined),
  );
  // An idle keep-alive connection would prevent the gateway from ending.
  http.addHook("onSend", (_, reply, __, done) => {
    if (draining) void reply.header("connection", "close");
    done();
  });
  await listen(http, settings);
  clusters.follow();
  await clusters.open();
  log.info({ url: urlOf(http) }, "gateway answers");
  return {
    ready: () => !draining,
    drain: async () => {
      draining = true;
      live.end();
      // A load balancer asks /readyz until the last answer is sent.
      await connectionsEnded();
      await http.close();
    },
  };
}

async function protect(http: FastifyInstance, { RATE_LIMIT, CORS_ORIGIN }: GatewaySettings): Promise<void> {
  await http.register(accepts);
  http.addHook("onRequest", ({ raw }, reply, done) => {
    void reply.headers(security);
    done(namesHost(raw) ? undefined : noHost);
  });
  if (CORS_ORIGIN)
    await http.register(cors, {
      origin: CORS_ORIGIN,
      exposedHeaders: ["ETag", "Retry-After"],
      strictPreflight: false,
    });
  if (RATE_LIMIT === 0) return;
  await http.register(rateLimit, {
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

/** @throws {BadSettings} if it cannot listen there */
async function listen(http: FastifyInstance, { GATEWAY_PORT, GATEWAY_HOST }: GatewaySettings): Promise<void> {
  try {
    await http.listen({ port: GATEWAY_PORT, host: GATEWAY_HOST });
  } catch (error) {
    throw cannotListen("GATEWAY", error as NodeJS.ErrnoException);
  }
}

function urlOf({ server }: FastifyInstance): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
