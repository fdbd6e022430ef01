import type { Health } from "@weather/process";
import type { FastifyInstance } from "fastify";

/** `/livez`, `/readyz` and `/metrics`. */
export function probes(http: FastifyInstance, health: Pick<Health, "answer">): void {
  for (const path of ["/livez", "/readyz", "/metrics"]) {
    http.get(path, async (_, reply) => {
      const [status, type, body] = await health.answer(path);
      return reply.code(status).type(type).header("cache-control", "no-store").send(body);
    });
  }
}
