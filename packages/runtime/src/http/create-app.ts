import { AppError } from '@keyturn/contracts';
import express, { type ErrorRequestHandler, type Express, type Response, type Router } from 'express';
import helmet from 'helmet';
import type { Log } from '../log.ts';
import { problemOf } from './problem.ts';
import { requestLog } from './request-log.ts';

const RETRY_AFTER_SECONDS = 5;

/** Answers any error as its problem document; ours to fix (500) is logged with its stack. */
const answerErrors =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, _req, res: Response<unknown, { problem?: string }>, _next) => {
    const document = problemOf(error);
    res.locals.problem = document.code;
    if (document.status === 500) log.error({ err: error }, 'a request failed');
    if (res.headersSent) return void res.destroy(); // part of an answer is out: break off, so that nobody takes it for whole
    if (document.status === 503) res.set('retry-after', String(RETRY_AFTER_SECONDS));
    if (document.status === 401) res.set('www-authenticate', 'Bearer');
    res.status(document.status).type('application/problem+json').send(JSON.stringify(document));
  };

/** Answers an app that serves these routes in order, with safe headers, one log line a request, and a problem document for whatever fails or
 *  is not there. Bodies are parsed by the routes that take one. */
export function createApp(options: { readonly log: Log; readonly routes: readonly Router[] }): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestLog(options.log));
  app.use(helmet());
  for (const route of options.routes) app.use(route);
  app.use(() => {
    throw new AppError('request.not_found', 'There is nothing at this method and path.');
  });
  app.use(answerErrors(options.log));
  return app;
}
