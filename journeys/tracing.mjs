// What an operator loads with `node --import`: the standard instrumentation of amqplib, and a place for its spans, here
// one line of standard output each.
import { SpanKind } from "@opentelemetry/api";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { AmqplibInstrumentation } from "@opentelemetry/instrumentation-amqplib";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";

const exporter = {
  export(spans, done) {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      const { name, kind, parentSpanContext } = span;
      const line = { name, kind: SpanKind[kind], traceId, spanId, parent: parentSpanContext?.spanId };
      console.log(`span ${JSON.stringify(line)}`);
    }
    done({ code: 0 });
  },
  async shutdown() {},
};

new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
registerInstrumentations({ instrumentations: [new AmqplibInstrumentation()] });
