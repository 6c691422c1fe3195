import type { IncomingMessage } from 'node:http';
import type { Log } from '../log.ts';
import { metrics } from '../metrics.ts';
import { type Span, trace } from '../trace/trace.ts';
import type { Answer } from './direct-route.ts';

/** Answers what begins a request, and has one line written for it when it is over: method, route pattern, status, duration, `problem` where it failed, and what the
 *  route left in `res.locals.line`: ids and counts, never personal data. `routeOf` is asked
 *  then. `traced`: the request is a span too, where traces are asked for. */
export function requestLog(log: Log, traced: boolean): (res: Answer, routeOf: () => string, begin: () => void) => void {
  const seconds = metrics.histogram('keyturn_http_request_seconds', 'What one request took.', ['method', 'route', 'status']);
  const observe = bound((method, route, status) => seconds.labels({ method, route, status }));
  return (res, routeOf, begin) => {
    const startedAt = performance.now();
    const span = traced ? openSpan(res.req) : null;
    res.on('close', () => {
      const durationMs = performance.now() - startedAt;
      const route = routeOf();
      const method = res.req.method ?? '';
      const status = res.writableFinished ? res.statusCode : (res.locals.brokenOff ?? 499); // 499: the caller went away
      observe(method, route, status).observe(durationMs / 1_000);
      if (span !== null) endSpan(span, method, route, status);
      const { problem, line: more } = res.locals;
      const line = {
        method,
        route,
        status,
        duration_ms: Math.round(durationMs * 10) / 10,
        ...(problem ? { problem } : {}),
        ...more,
      };
      if (status >= 500) log.warn(line, 'request');
      else log.info(line, 'request');
    });
    if (span === null) begin();
    else span.run(begin);
  };
}

type Histogram = { observe(value: number): void };
/** The histogram of each combination, looked up by its labels once. There are few: methods that Node knows, our routes, our statuses. */
function bound(make: (method: string, route: string, status: number) => Histogram): typeof make {
  const known = new Map<string, Histogram>();
  return (method, route, status) => {
    const key = `${method} ${route} ${status}`;
    const one = known.get(key) ?? make(method, route, status);
    known.set(key, one);
    return one;
  };
}

/** Whoever stands before us may have begun the trace. */
function openSpan({ method = '', headers: { traceparent } }: IncomingMessage): Span | null {
  const parent = typeof traceparent === 'string' ? traceparent : undefined;
  return trace.open(method, () => ({ kind: 'server', parent }));
}

function endSpan(span: Span, method: string, route: string, status: number): void {
  span.rename(`${method} ${route}`);
  span.set({ 'http.request.method': method, 'http.route': route, 'http.response.status_code': status });
  if (status >= 500) span.fail(new Error(String(status)));
  span.end();
}
