import { context, propagation, ROOT_CONTEXT, trace, type Context } from "@opentelemetry/api";
import type { Properties } from "./properties.ts";
import type { Headers } from "./channel-writer.ts";

// OpenTelemetry's API without its SDK does nothing and costs next to nothing. A user who installs the SDK gets one connected
// trace: a request that is sent later, or taken from a local queue, keeps the context in which it began.

/** The context of a delivery: the span of an instrumentation if there is one, else that of its sender. */
export function contextOf({ headers }: Properties): Context {
  const active = context.active();
  return trace.getSpanContext(active) ? active : propagation.extract(ROOT_CONTEXT, headers ?? {});
}

/** The trace id of a delivery: that of its span, else that of its sender's W3C header. */
export function traceIdOf(context: Context, { headers }: Properties): string | undefined {
  const parent = headers?.["traceparent"];
  if (parent === undefined && context === ROOT_CONTEXT) return undefined;
  const named = typeof parent === "string" ? /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(parent)?.[1] : undefined;
  return trace.getSpanContext(context)?.traceId ?? named;
}

/** These headers, with those of the active context if there is one. */
export function withTrace(headers: Headers | undefined): Headers | undefined {
  const trace = traceHeaders();
  return trace ? { ...headers, ...trace } : headers;
}

function traceHeaders(): Headers | undefined {
  const active = context.active();
  if (active === ROOT_CONTEXT) return undefined;
  const headers: Record<string, string> = {};
  propagation.inject(active, headers);
  return Object.keys(headers).length > 0 ? headers : undefined;
}

/**
 * Headers of a reply: those of the active context. In a process without OpenTelemetry they are the caller's own, so that
 * its trace continues (W3C Trace Context).
 */
export function replyTraceHeaders({
  headers: { traceparent, tracestate } = {},
}: Properties): Headers | undefined {
  if (typeof traceparent !== "string") return traceHeaders();
  return traceHeaders() ?? { traceparent, ...(typeof tracestate === "string" && { tracestate }) };
}
