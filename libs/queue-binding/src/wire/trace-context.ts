import {
  context,
  createTraceState,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Context,
} from "@opentelemetry/api";
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

/** Headers of W3C Trace Context, such as those of an HTTP request. */
export interface TraceHeaders {
  /** Version, trace id, parent span and flags, in hexadecimal digits. */
  readonly traceparent?: unknown;
  /** What vendors add to it. */
  readonly tracestate?: unknown;
  readonly [other: string]: unknown;
}

const traceparentForm = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** The active context. If it has no span, it gets the one that these headers name, also without OpenTelemetry's SDK. */
export function contextFrom({ traceparent, tracestate }: TraceHeaders = {}): Context {
  const active = context.active();
  if (typeof traceparent !== "string" || trace.getSpanContext(active)) return active;
  const [, traceId = "", spanId = "", flags = ""] = traceparentForm.exec(traceparent) ?? [];
  const caller = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(typeof tracestate === "string" && { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(caller) ? trace.setSpanContext(active, caller) : active;
}

/** These headers, with those of a context if there is one. */
export function withTrace(headers: Headers | undefined, from: Context): Headers | undefined {
  const trace = traceHeaders(from);
  return trace ? { ...headers, ...trace } : headers;
}

function traceHeaders(from = context.active()): Headers | undefined {
  if (from === ROOT_CONTEXT) return undefined;
  const headers: Record<string, string> = {};
  propagation.inject(from, headers);
  const span = trace.getSpanContext(from);
  // Without the SDK nothing is injected.
  if (span && Object.keys(headers).length === 0) {
    const flags = span.traceFlags.toString(16).padStart(2, "0");
    headers["traceparent"] = `00-${span.traceId}-${span.spanId}-${flags}`;
    const state = span.traceState?.serialize();
    if (state) headers["tracestate"] = state;
  }
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
