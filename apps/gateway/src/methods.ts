import { METHODS } from "node:http";
import type { FastifyInstance } from "fastify";
import { Problem } from "./problem.ts";

/** The methods that Node.js reads, except CONNECT, which makes no request. */
const methods = METHODS.filter((method) => method !== "CONNECT");

/**
 * Answers 405 with `Allow` if a path has routes, but none for the method (RFC 9110, 15.5.6). Answers OPTIONS with 204 and
 * `Allow`.
 *
 * @returns a function to call after the last route was added: it adds this to all of them
 */
export function refuseOtherMethods(http: FastifyInstance): () => void {
  const allowed = new Map<string, Set<string>>();
  for (const method of methods) {
    if (!http.supportedMethods.includes(method)) http.addHttpMethod(method);
  }
  http.addHook("onRoute", ({ url, method }) => {
    const known = allowed.get(url) ?? new Set();
    allowed.set(url, known);
    for (const one of [method].flat()) known.add(one);
  });
  return () => {
    for (const [url, known] of [...allowed].filter(([url]) => url !== "*")) {
      const others = methods.filter((method) => !known.has(method));
      const allow = [...new Set([...known, "OPTIONS"])].join(", ");
      http.route({
        url,
        method: others,
        // This hook runs before the body is read, because the body does not matter.
        onRequest: async (request, reply) => {
          void reply.header("allow", allow);
          if (request.method === "OPTIONS") return reply.code(204).send();
          throw new Problem(
            405,
            "Method not allowed",
            `${request.method} is not for this: there are ${allow}`,
          );
        },
        handler: () => {},
      });
    }
  };
}
