import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { Problem } from "./problem.ts";

/** The problem of a request to a route without query parameters, if it has one. @param reason why there are none */
export function unknownParameter({ query }: FastifyRequest, reason: string): Problem | undefined {
  const [name] = Object.keys(query as object);
  if (name === undefined) return undefined;
  return new Problem(400, "Bad request", `unknown parameter ${name.slice(0, 40)}: ${reason}`);
}

/** Option of a route without query parameters. A parameter is refused, so that a typing error is never silently ignored. */
export const withoutParameters = {
  onRequest(request: FastifyRequest, _: FastifyReply, done: HookHandlerDoneFunction) {
    done(unknownParameter(request, "this resource takes none"));
  },
};
