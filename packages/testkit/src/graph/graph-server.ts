import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import express, { type RequestHandler, type Response } from 'express';
import { accountRoutes } from './account-routes.ts';
import { blockRoutes } from './block-routes.ts';
import { withToken } from './graph-access.ts';
import { graphError } from './graph-error.ts';
import { faults, type GraphFault } from './graph-fault.ts';
import type { GraphWorld } from './graph-world.ts';
import { numberRoutes } from './number-routes.ts';
import { sendRoutes } from './send-routes.ts';

/** A request as it came, to look at. */
type GraphRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
};

/** What happens on a connection, in the order in which it does: a request has come in whole; its answer is about to go out, and nothing of it has. */
export type GraphStep = { readonly step: 'asked' | 'answering'; readonly connection: number; readonly body: unknown };

/** What the platform's Graph API is to keyturn: answers from a world that the test holds, in the shapes of the platform, errors included. */
export type GraphServer = {
  readonly url: string;
  readonly world: GraphWorld;
  /** Each request that came, those that failed too. */
  readonly requests: readonly GraphRequest[];
  /** How many connections were opened. */
  connections(): number;
  /** Lets it fail from now on; null: no longer. */
  fail(fault: GraphFault | null): void;
  close(): Promise<void>;
};

const VERSION = /^\/v\d{1,3}\.\d(?=\/)/;

/** Starts it. `watch` is told of every step before it has any effect outside. */
export async function startGraphServer(world: GraphWorld, watch?: (step: GraphStep) => void): Promise<GraphServer> {
  const requests: GraphRequest[] = [];
  const { handler, set } = faults();
  const app = express().disable('x-powered-by').disable('etag').enable('json escape'); // whoever writes an answer anew writes other bytes
  app
    .use((req, _res, next) => {
      req.url = req.url.replace(VERSION, '');
      next();
    })
    .use(express.json({ limit: '4mb' }), express.raw({ type: 'multipart/form-data', limit: '128mb' }))
    .use((req, _res, next) => {
      const { method, path, originalUrl, headers, body } = req;
      requests.push({ method, path, query: originalUrl.split('?')[1] ?? '', headers, body });
      next();
    })
    .use((_req, res, next) => {
      if (world.compresses) compressed(res);
      next();
    })
    .use(watch === undefined ? (_req, _res, next) => next() : watchedBy(watch))
    .use(handler, withToken(world), blockRoutes(world), sendRoutes(world), numberRoutes(world), accountRoutes(world))
    .use((req, res) => graphError(res, 400, { code: 2500, message: `Unknown path components: ${req.path}` }));
  let opened = 0;
  const server = createServer(app).on('connection', () => {
    opened += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, world, requests, connections: () => opened, fail: set, close };
}

function compressed(res: Response): void {
  res.json = (body: unknown) =>
    res.set({ 'content-encoding': 'gzip', 'content-type': 'application/json' }).send(gzipSync(JSON.stringify(body)));
}

/** Numbers the connections as they come. */
function watchedBy(watch: (step: GraphStep) => void): RequestHandler {
  const numbers = new WeakMap<Socket, number>();
  let count = 0;
  return (req, res, next) => {
    const connection = numbers.get(req.socket) ?? ++count;
    numbers.set(req.socket, connection);
    watch({ step: 'asked', connection, body: req.body });
    const end = res.end.bind(res) as (...args: unknown[]) => typeof res;
    res.end = (...args: unknown[]) => {
      watch({ step: 'answering', connection, body: req.body });
      return end(...args);
    };
    next();
  };
}
