import type { Clusters, Health } from "@weather/process";
import type { FastifyInstance } from "fastify";
import type { Answers } from "../answers.ts";
import type { FinishedAnswers } from "../finished-answers.ts";
import type { Farms } from "../live/farms.ts";
import type { Live } from "../live/live.ts";
import { refuseOtherMethods } from "../methods.ts";
import type { OpenQuestions } from "../open-questions.ts";
import type { GatewaySettings } from "../settings.ts";
import { assetsRoute } from "./assets.ts";
import { forecasts } from "./forecasts.ts";
import { liveRoute } from "./live.ts";
import { manyForecasts } from "./many-forecasts.ts";
import { openapiRoute } from "./openapi.ts";
import { pageRoutes } from "./page.ts";
import { probes } from "./probes.ts";
import { serversRoute } from "./servers.ts";
import { statesRoute } from "./states.ts";
import { stationsRoute } from "./stations.ts";

/** Objects that the routes use. */
interface RouteParts {
  readonly answers: Answers;
  readonly open: OpenQuestions;
  readonly finished: FinishedAnswers;
  readonly clusters: Clusters;
  readonly settings: GatewaySettings;
  readonly farms: Farms;
  readonly live: Live;
  /** Nothing if the process has no probes. */
  readonly health: Pick<Health, "answer"> | undefined;
}

/** Adds every route. tools/src/contract/http-operations.ts describes them. */
export function addRoutes(http: FastifyInstance, parts: RouteParts): void {
  const { answers, finished, open, clusters, settings, health, farms, live } = parts;
  const refuseOthers = refuseOtherMethods(http);
  if (health) probes(http, health);
  forecasts(http, answers, finished);
  manyForecasts(http, (state) => clusters.of(state).broker, settings, open);
  statesRoute(http, clusters);
  stationsRoute(http, answers);
  serversRoute(http, farms);
  liveRoute(http, live);
  openapiRoute(http);
  pageRoutes(http, answers, live);
  assetsRoute(http);
  refuseOthers();
}
