import type { IncomingMessage, RequestListener } from 'node:http';
import { AppError } from '@keyturn/contracts';
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Log } from '../log.ts';
import { type Answer, directOf } from './direct-route.ts';
import { problemOf } from './problem.ts';
import { requestLog } from './request-log.ts';

/** Answers every request, and has the log to which whoever serves it writes what never gets to it. */
export type App = RequestListener & { readonly log: Log };

const RETRY_AFTER_SECONDS = 5;
/** Who is refused before its body has come has so long to see the answer and to end it, and so many bytes, more than any route takes: what comes of it
 *  meanwhile is thrown away unparsed. To read nothing more would be to reset the connection, and with it the answer on its way. */
const LINGER_MS = 2_000;
const LINGER_BYTES = 4 * 1024 * 1024;
const LINGER_LOOK_MS = 10;

/** Answers any error as its problem document; ours to fix (500) is logged with its stack. */
function answerError(log: Log, error: unknown, req: IncomingMessage, res: Answer): void {
  const document = problemOf(error);
  res.locals.problem = document.code;
  if (document.status === 500) log.error({ err: error }, 'a request failed');
  if (res.headersSent) return void res.destroy(); // part of an answer is out: break off, so that nobody takes it for whole
  if (document.status === 503) res.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
  if (document.status === 401) res.setHeader('www-authenticate', 'Bearer');
  if (!req.complete) res.once('finish', () => partFrom(req));
  const body = JSON.stringify(document);
  res.setHeader('content-type', 'application/problem+json; charset=utf-8').setHeader('content-length', Buffer.byteLength(body));
  res.statusCode = document.status;
  res.end(body);
}

const notFound: RequestHandler = () => {
  throw new AppError(
    'request.not_found',
    'There is nothing at this method and path: check the address, which has a port for each service, and that what answers is of this release.',
  );
};

/** What Node or express would answer by themselves, without a line in the log or as nobody documented. */
const refuseOdd: RequestHandler = (req, res, next) => {
  if (req.method === 'OPTIONS') notFound(req, res, next);
  else if (req.headers.host === undefined && req.httpVersion === '1.1')
    throw new AppError('request.malformed', 'Name the host in a Host header.');
  else next();
};

function partFrom(req: IncomingMessage): void {
  if (req.complete) return;
  const { socket } = req;
  const [deadline, bytesMax] = [performance.now() + LINGER_MS, socket.bytesRead + LINGER_BYTES];
  const watch = setInterval(() => {
    if (performance.now() > deadline || socket.bytesRead > bytesMax) socket.destroy();
  }, LINGER_LOOK_MS);
  const end = () => {
    clearInterval(watch);
    socket.off('close', end); // which may bring many more requests
  };
  socket.once('close', end);
  req.once('close', end);
}

/** Answers an app that serves these routes in order, with safe headers, one log line a request, and a problem document for whatever fails or
 *  is not there. Bodies are parsed by the routes that take one. A `directRoute` is asked first. `traced`: where traces
 *  are asked for, each request is a span; unless it says no. */
export function createApp(options: { readonly log: Log; readonly routes: readonly Router[]; readonly traced?: boolean }): App {
  const { log, routes, traced = true } = options;
  const safeHeaders = helmet();
  const logged = requestLog(log, traced);
  const answerErrors: ErrorRequestHandler = (error, req, res, _next) => answerError(log, error, req, res as unknown as Answer);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((req, res, next) => {
    logged(res as unknown as Answer, () => routeOf(req), next);
  });
  app.use(safeHeaders);
  app.use(refuseOdd);
  for (const route of routes) app.use(route);
  app.use(notFound);
  app.use(answerErrors);
  const direct = directOf(routes);
  const answer: RequestListener = (req, res) => {
    const route = direct(req);
    if (route === undefined) return app(req, res);
    const ours = res as Answer;
    ours.locals = {};
    const refuse = (error: unknown) => safeHeaders(req, res, () => answerError(log, error, req, ours));
    logged(
      ours,
      () => route.path,
      () => void route.answer(req, ours).catch(refuse),
    );
  };
  return Object.assign(answer, { log });
}

/** The pattern of the route that answered, never the URL: that may name a person. */
const routeOf = ({ route }: { route?: { path?: unknown } }): string => (typeof route?.path === 'string' ? route.path : 'unmatched');
