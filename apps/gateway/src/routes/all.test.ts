import type { Clusters } from "@weather/process";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import description from "../../openapi.json" with { type: "json" };
import { Answers } from "../answers.ts";
import { FinishedAnswers } from "../finished-answers.ts";
import type { Farms } from "../live/farms.ts";
import type { Live } from "../live/live.ts";
import { OpenQuestions } from "../open-questions.ts";
import { gatewaySettings } from "../settings.ts";
import { addRoutes } from "./all.ts";

/** Paths of the page, which are not described, because they are for browsers. */
const ofThePage = /^\/$|^\/farms$|^\/assets\//;

describe("openapi.json", () => {
  it("describes each route that the gateway has, and no other", async () => {
    const nobody = () => {
      throw new Error("no route asks before there is a request");
    };
    const open = new OpenQuestions(1);
    const answers = new Answers(nobody, { deadline: 1_000, open, entries: 0 });
    const settings = gatewaySettings.parse({ AMQP_URL: "amqp://localhost" });
    const http = Fastify();
    const routes = new Set<string>();
    http.addHook("onRoute", ({ method, url }) => {
      const methods = [method].flat().filter((one) => one !== "HEAD");
      // Routes for OPTIONS only refuse methods.
      if (methods.includes("OPTIONS") || ofThePage.test(url)) return;
      for (const one of methods) routes.add(`${one} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
    });
    addRoutes(http, {
      answers,
      open,
      finished: new FinishedAnswers(0),
      clusters: { of: nobody } as unknown as Clusters,
      settings,
      health: { answer: nobody },
      farms: { report: nobody } as unknown as Farms,
      live: { listen: nobody } as unknown as Live,
    });
    await http.ready();
    const described = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...routes].sort()).toEqual(described.sort());
    await http.close();
  });
});
