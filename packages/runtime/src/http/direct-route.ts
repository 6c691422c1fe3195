import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';

/** What is left for the log line of a request, and what it is to say where somebody else answered it. */
type Locals = { problem?: string; brokenOff?: number; line?: Readonly<Record<string, unknown>> };
/** An answer in the making, as express and we know it. */
export type Answer = ServerResponse & { locals: Locals };
/** Answers a request, or rejects with why it can't; then the app answers. */
export type DirectAnswer = (req: IncomingMessage, res: Answer) => Promise<void>;
/** A route that needs nothing of express. `urls`: those that it is asked about at once; absent: its path alone. */
export type DirectRoute = { readonly path: string; readonly urls?: RegExp; readonly answer: DirectAnswer };

const directRoutes = new WeakMap<Router, DirectRoute>();

/** A `POST` route for the many requests of one kind: an app asks it before express where method and path are exactly these, since express alone takes
 *  as long as all that a webhook needs. However the path is spelled, the answer is the same. A path with parameters names the `urls` that are meant. */
export function directRoute(path: string, answer: DirectAnswer, urls?: RegExp): Router {
  const router = Router().post(path, (req, res, next) => void answer(req, res as unknown as Answer).catch(next));
  directRoutes.set(router, { path, answer, ...(urls === undefined ? {} : { urls }) });
  return router;
}

/** The direct one of these routes for a request; undefined: express is to look. */
export function directOf(routes: readonly Router[]): (req: IncomingMessage) => DirectRoute | undefined {
  const all = routes.flatMap((router) => directRoutes.get(router) ?? []);
  const byUrl = new Map(all.filter(({ urls }) => urls === undefined).map((route) => [route.path, route]));
  const patterns = all.filter(({ urls }) => urls !== undefined);
  const find = (url: string) => byUrl.get(url) ?? patterns.find(({ urls }) => urls?.test(url));
  return ({ method, url = '', headers }) => (method === 'POST' && headers.host !== undefined ? find(url) : undefined);
}
