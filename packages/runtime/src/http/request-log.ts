import type { Log } from '../log.ts';
import { metrics } from '../metrics.ts';
import type { Answer } from './direct-route.ts';

/** Answers what has one line written for a request when it is over: method, route pattern, status, duration, `problem` where it failed, and what the
 *  route left in `res.locals.line`: ids and counts, never personal data. `routeOf` is asked then. */
export function requestLog(log: Log): (res: Answer, routeOf: () => string) => void {
  const seconds = metrics.histogram('keyturn_http_request_seconds', 'What one request took.', ['method', 'route', 'status']);
  return (res, routeOf) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const durationMs = performance.now() - startedAt;
      const route = routeOf();
      const method = res.req.method ?? '';
      const status = res.writableFinished ? res.statusCode : (res.locals.brokenOff ?? 499); // 499: the caller went away
      seconds.observe({ method, route, status }, durationMs / 1_000);
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
  };
}
