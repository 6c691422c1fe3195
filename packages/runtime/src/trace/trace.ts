/** What a span is about, for whoever reads the trace: ids and counts, never personal data. */
type SpanAttributes = Readonly<Record<string, string | number>>;
/** What a span says of itself, and what it hangs on. */
export type SpanOptions = {
  readonly kind?: 'server' | 'producer' | 'consumer';
  readonly attributes?: SpanAttributes;
  /** `traceparent` of who caused it. Absent: the span that is active, if any. One that can't be read counts as absent. */
  readonly parent?: string | undefined;
  /** `traceparent` of others who have a part in it. */
  readonly links?: readonly string[];
};
/** A span that is under way. It goes out when it has ended; one that never ends never was. */
export type Span = {
  readonly traceparent: string;
  /** Runs work inside it: what opens there is its child. */
  run<Result>(work: () => Result): Result;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  fail(error: unknown): void;
  end(): void;
};
/** Where spans go. */
export type Tracing = {
  open(name: string, options: SpanOptions): Span;
  /** The span that is active here. */
  active(): { readonly traceId: string; readonly spanId: string; readonly traceparent: string } | undefined;
};

let tracing: Tracing | null = null;

/** Sends spans there from now on; null: nowhere. */
export function traceWith(to: Tracing | null): void {
  tracing = to;
}

/** Spans of this process. While nobody asked for traces each call is one look, and options are not even made. */
export const trace = {
  isOn: (): boolean => tracing !== null,
  /** `traceparent` of the active span; undefined: there is none. */
  parent: (): string | undefined => tracing?.active()?.traceparent,
  /** What says in a log line to which trace it belongs. */
  logFields: (): { trace_id: string; span_id: string } | Record<string, never> => {
    const active = tracing?.active();
    return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
  },
  /** A span that the caller ends; null while nobody asked for traces. */
  open: (name: string, options: () => SpanOptions): Span | null => tracing?.open(name, options()) ?? null,
  /** Runs work in a span of its own: a new trace, unless the options name a parent or one is active. */
  within: <Result>(name: string, options: () => SpanOptions, work: () => Promise<Result>): Promise<Result> =>
    tracing === null ? work() : through(tracing.open(name, options()), work),
  /** Runs work in a span, if it is part of something that has one. */
  step: <Result>(name: string, work: () => Promise<Result>, options: SpanOptions = {}): Promise<Result> =>
    tracing?.active() === undefined ? work() : through(tracing.open(name, options), work),
} as const;

async function through<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
  try {
    return await span.run(work);
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
