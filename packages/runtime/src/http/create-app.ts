import { AppError } from '@keyturn/contracts';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response, type Router } from 'express';
import helmet from 'helmet';
import type { Log } from '../log.ts';
import { problemOf } from './problem.ts';
import { requestLog } from './request-log.ts';

const RETRY_AFTER_SECONDS = 5;
/** Who is refused before its body has come has so long to see the answer; nothing more of it is read. */
const LINGER_MS = 2_000;

/** Answers any error as its problem document; ours to fix (500) is logged with its stack. */
const answerErrors =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, req, res: Response<unknown, { problem?: string }>, _next) => {
    const document = problemOf(error);
    res.locals.problem = document.code;
    if (document.status === 500) log.error({ err: error }, 'a request failed');
    if (res.headersSent) return void res.destroy(); // part of an answer is out: break off, so that nobody takes it for whole
    if (document.status === 503) res.set('retry-after', String(RETRY_AFTER_SECONDS));
    if (document.status === 401) res.set('www-authenticate', 'Bearer');
    if (!req.complete) res.once('finish', () => partFrom(req));
    res.status(document.status).type('application/problem+json').send(JSON.stringify(document));
  };

const notFound: RequestHandler = () => {
  throw new AppError('request.not_found', 'There is nothing at this method and path.');
};

/** What Node or express would answer by themselves, without a line in the log or as nobody documented. */
const refuseOdd: RequestHandler = (req, res, next) => {
  if (req.method === 'OPTIONS') notFound(req, res, next);
  else if (req.headers.host === undefined && req.httpVersion === '1.1')
    throw new AppError('request.malformed', 'Name the host in a Host header.');
  else next();
};

function partFrom(req: Request): void {
  if (req.complete) return;
  req.socket.pause();
  const timer = setTimeout(() => req.socket.destroy(), LINGER_MS);
  req.once('close', () => clearTimeout(timer));
}

/** Answers an app that serves these routes in order, with safe headers, one log line a request, and a problem document for whatever fails or
 *  is not there. Bodies are parsed by the routes that take one. */
export function createApp(options: { readonly log: Log; readonly routes: readonly Router[] }): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.locals.log = options.log; // whoever serves the app logs what never gets to it
  app.use(requestLog(options.log));
  app.use(helmet());
  app.use(refuseOdd);
  for (const route of options.routes) app.use(route);
  app.use(notFound);
  app.use(answerErrors(options.log));
  return app;
}
