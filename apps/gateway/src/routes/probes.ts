import type { Health } from "@weather/process";
import type { FastifyInstance, FastifyRequest } from "fastify";

const paths = ["/livez", "/readyz", "/metrics"];

/** Whether a request is for a probe or the metrics. These are always answered. */
export const isProbe = ({ routeOptions }: FastifyRequest) => paths.includes(routeOptions.url ?? "");

/** `/livez`, `/readyz` and `/metrics`. */
export function probes(http: FastifyInstance, health: Pick<Health, "answer">): void {
  for (const path of paths) {
    http.get(path, async (_, reply) => {
      const [status, type, body] = await health.answer(path);
      return reply.code(status).type(type).header("cache-control", "no-store").send(body);
    });
  }
}
