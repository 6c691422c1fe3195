import type { Request, RequestHandler, Response } from 'express';
import type { Log } from '../log.ts';
import { metrics } from '../metrics.ts';

/** The pattern of the route that answered, never the URL: that may name a person. */
const routeOf = (req: Request): string => {
  const path: unknown = req.route?.path;
  return typeof path === 'string' ? path : 'unmatched';
};

/** Writes one line a request when it is over: method, route pattern, status, duration, `problem` where it failed, and what the route left in
 *  `res.locals.line`: ids and counts, never personal data. */
export function requestLog(log: Log): RequestHandler {
  const seconds = metrics.histogram('keyturn_http_request_seconds', 'What one request took.', ['method', 'route', 'status']);
  return (req, res: Response<unknown, { problem?: string; brokenOff?: number; line?: Readonly<Record<string, unknown>> }>, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const durationMs = performance.now() - startedAt;
      const route = routeOf(req);
      const status = res.writableFinished ? res.statusCode : (res.locals.brokenOff ?? 499); // 499: the caller went away
      seconds.observe({ method: req.method, route, status }, durationMs / 1_000);
      const { problem, line: more } = res.locals;
      const line = {
        method: req.method,
        route,
        status,
        duration_ms: Math.round(durationMs * 10) / 10,
        ...(problem ? { problem } : {}),
        ...more,
      };
      if (status >= 500) log.warn(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}
