import type { AddressInfo } from "node:net";
import { stateNames, usStates, type StateName } from "@weather/contracts";
import { cannotListen, type Running, type Work } from "@weather/process";
import type { FastifyInstance } from "fastify";
import { Answers } from "./answers.ts";
import { FinishedAnswers } from "./finished-answers.ts";
import { measure, measuredIn, measureListeners } from "./http-metrics.ts";
import { brokerFiguresOf } from "./live/broker-figures.ts";
import { Farms } from "./live/farms.ts";
import { Live } from "./live/live.ts";
import { OpenQuestions } from "./open-questions.ts";
import { httpServer } from "./http-server.ts";
import { stopping } from "./problem.ts";
import { addRoutes } from "./routes/all.ts";
import { isProbe } from "./routes/probes.ts";
import type { GatewaySettings } from "./settings.ts";
import { endConnections } from "./end-connections.ts";

/** How long a request waits for a lost broker, in milliseconds, so that its client gets 503 within a second. */
const brokerAbsence = 500;

/** States that AMQP_ROUTES may name. They include states without a farm. */
const routable = usStates.map(({ key }) => key);

/** Begins to answer HTTP: probes at once, forecasts as soon as the broker is there. */
export async function startGateway({
  settings,
  log,
  health,
  clusters: clustersOf,
}: Running<GatewaySettings>): Promise<Work> {
  const measured = health && measuredIn(health.metrics.registry);
  const finished = new FinishedAnswers(settings.CACHE_ENTRIES, measured);
  let draining = false;
  // Fastify counts requests that are limited, and closes connections while it drains.
  const answersAtOnce = () => settings.RATE_LIMIT === 0 && !draining;
  const http = await httpServer(
    settings,
    log,
    (request, response) => answersAtOnce() && finished.answer(request, response),
  );
  const connectionsEnded = endConnections(http);
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
  addRoutes(http, { answers, finished, open, clusters, settings, health, farms, live });
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
