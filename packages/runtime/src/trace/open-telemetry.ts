import { AppError } from '@keyturn/contracts';
import { type Context, context, diag, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Log } from '../log.ts';
import { version } from '../version.ts';
import type { Protocol } from './start-tracing.ts';
import type { Span, SpanOptions, Tracing } from './trace.ts';

const STOP_TIMEOUT_MS = 2_000;

/** Spans by OpenTelemetry, sent in the background: whoever takes them may be slow or away, the line does not wait. Sampler, limits, queue, endpoint,
 *  headers and resource come from OpenTelemetry's variables. */
export async function openTelemetry(protocol: Protocol, log: Log): Promise<{ tracing: Tracing; stop(): Promise<void> }> {
  diag.setLogger(diagnostics(log), { suppressOverrideMessage: true });
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'keyturn', 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(await exporter(protocol))] });
  provider.register({ propagator: new W3CTraceContextPropagator() }); // no baggage: it would carry what others put in
  return {
    tracing: tracingBy(provider.getTracer('keyturn', version)),
    stop: async () => {
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      for (const api of [trace, context, propagation, diag]) api.disable();
    },
  };
}

async function exporter(protocol: Protocol): Promise<SpanExporter> {
  if (protocol === 'http/json') return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter();
  return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter();
}

/** What OpenTelemetry has to say of itself; lost spans are no fault of the line. */
function diagnostics(log: Log) {
  const say = (reason: string) => log.warn({ reason: reason.slice(0, 300) }, 'traces: some spans may be lost');
  return { error: say, warn: say, info: () => {}, debug: () => {}, verbose: () => {} };
}

const kinds = { server: SpanKind.SERVER, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };
const contextOf = (traceparent: string): Context => propagation.extract(ROOT_CONTEXT, { traceparent });
const linkTo = (traceparent: string) => {
  const linked = trace.getSpanContext(contextOf(traceparent));
  return linked === undefined ? [] : [{ context: linked }];
};
const traceparentIn = (within: Context): string => {
  const carrier: { traceparent?: string } = {};
  propagation.inject(within, carrier);
  return carrier.traceparent ?? '';
};

const tracingBy = (tracer: Tracer): Tracing => ({
  open: (name, options) => open(tracer, name, options),
  active() {
    const active = trace.getSpanContext(context.active());
    return active && { traceId: active.traceId, spanId: active.spanId, traceparent: traceparentIn(context.active()) };
  },
});

function open(tracer: Tracer, name: string, { kind, attributes = {}, parent, links = [] }: SpanOptions): Span {
  const above = parent === undefined ? context.active() : contextOf(parent);
  const span = tracer.startSpan(name, { ...(kind && { kind: kinds[kind] }), attributes, links: links.flatMap(linkTo) }, above);
  const inside = trace.setSpan(above, span);
  return {
    traceparent: traceparentIn(inside),
    run: (work) => context.with(inside, work),
    rename: (to) => void span.updateName(to),
    set: (more) => void span.setAttributes(more),
    fail: (error) => void span.setStatus({ code: SpanStatusCode.ERROR, message: codeOf(error) }),
    end: () => span.end(),
  };
}

/** A message of somebody else's may quote values. */
const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : error instanceof Error ? error.name : 'error');
