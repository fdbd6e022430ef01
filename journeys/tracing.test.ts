import { context, propagation, trace } from "@opentelemetry/api";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { AmqplibInstrumentation } from "@opentelemetry/instrumentation-amqplib";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, beforeEach, describe, expect } from "vitest";
import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";

// The instrumentation must be loaded before amqplib, so everything that imports amqplib comes later.
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
const unregister = registerInstrumentations({ instrumentations: [new AmqplibInstrumentation()] });
const { ohio, test } = await import("./farm.ts");

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parent: string | undefined;
}

describe("one trace", () => {
  beforeEach(() => exporter.reset());
  afterAll(async () => {
    unregister();
    await provider.shutdown();
  });

  /** The spans of the client, in this process. */
  const clientSpans = (): Span[] =>
    exporter.getFinishedSpans().map((span) => ({
      name: span.name,
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      parent: span.parentSpanContext?.spanId,
    }));

  const serverSpans = (server: AppProcess): Span[] =>
    server.output
      .filter((line) => line.startsWith("span "))
      .map((line) => JSON.parse(line.slice("span ".length)) as Span);

  for (const [what, program] of [
    ["the server from its sources", "apps/ohio-server/src/main.ts"],
    ["the bundle of the Docker image", "apps/ohio-server/dist/main.js"],
  ] as const) {
    test(`leads from the client through ${what} and back, under the standard instrumentation`, async ({
      vhost,
      client,
      afterwards,
    }) => {
      const server = AppProcess.run(program, {
        environment: {
          AMQP_URL: vhost.url,
          NODE_OPTIONS: `--import ${new URL("tracing.mjs", import.meta.url).href}`,
        },
      });
      afterwards(() => server.stop("SIGKILL"));
      await server.says("ohio-server answers");
      const broker = await client();
      await broker.ask(ohio, {});
      exporter.reset();

      const caller = trace.getTracer("test").startSpan("caller");
      // Several requests at once must not get into the trace of another.
      const others = Array.from({ length: 20 }, () => broker.ask(ohio, {}));
      await context.with(trace.setSpan(context.active(), caller), () => broker.ask(ohio, {}));
      caller.end();
      await Promise.all(others);
      const { traceId } = caller.spanContext();
      const spans = () =>
        [...clientSpans(), ...serverSpans(server)].filter((span) => span.traceId === traceId);
      await until("all spans are there", () => spans().length === 5);

      const chain: string[] = [];
      for (let at: Span | undefined = spans().find(({ parent }) => parent === undefined); at;) {
        chain.push(at.name);
        const { spanId }: Span = at;
        at = spans().find(({ parent }) => parent === spanId);
      }
      expect(chain).toEqual([
        "caller",
        "publish amq.topic",
        "weather.ohio process",
        "publish <default>",
        "amq.rabbitmq.reply-to process",
      ]);
    });
  }

  test("goes from an HTTP request to the log of the server, without OpenTelemetry in either", async ({
    serve,
    gateway,
  }) => {
    const server = await serve("ohio", { LOG_LEVEL: "debug" });
    const { url } = await gateway();
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    const body = (seed: number) => JSON.stringify({ state: "ohio", seed });
    const post = { method: "POST", headers: { traceparent, "content-type": "application/json" } };
    await fetch(`${url}/v1/forecasts/ohio?seed=1`, { headers: { traceparent } });
    await fetch(`${url}/v1/forecasts`, { ...post, body: body(2) });
    await (await fetch(`${url}/v1/forecasts`, { ...post, body: `[${body(3)}]` })).text();
    await fetch(`${url}/v1/forecasts/ohio?seed=4`, { headers: { traceparent: "00-zero-0-1" } });
    const requests = () => server.output.filter((line) => line.includes('"msg":"request"'));
    await until("all are logged", () => requests().length === 4);
    expect(requests().filter((line) => line.includes(`"traceId":"${traceId}"`))).toHaveLength(3);
  });

  test("is not broken by a server without OpenTelemetry: the reply carries the caller's traceparent", async ({
    serve,
    client,
  }) => {
    await serve("ohio");
    const broker = await client();
    const caller = trace.getTracer("test").startSpan("caller");
    await context.with(trace.setSpan(context.active(), caller), () => broker.ask(ohio, {}));
    caller.end();
    const { traceId } = caller.spanContext();
    const replied = clientSpans().find(({ name }) => name === "amq.rabbitmq.reply-to process");
    expect(replied?.traceId).toBe(traceId);
    expect(propagation.fields()).toContain("traceparent");
  });
});
