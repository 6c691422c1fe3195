import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';

/** What is left for the log line of a request, and what it is to say where somebody else answered it. */
type Locals = { problem?: string; brokenOff?: number; line?: Readonly<Record<string, unknown>> };
/** An answer in the making, as express and we know it. */
export type Answer = ServerResponse & { locals: Locals };
/** Answers a request, or rejects with why it can't; then the app answers. */
export type DirectAnswer = (req: IncomingMessage, res: Answer) => Promise<void>;
/** A route that needs nothing of express. */
export type DirectRoute = { readonly path: string; readonly answer: DirectAnswer };

const directRoutes = new WeakMap<Router, DirectRoute>();

/** A `POST` route for the many requests of one kind: an app asks it before express where method and path are exactly these, since express alone takes
 *  as long as all that a webhook needs. However the path is spelled, the answer is the same. */
export function directRoute(path: string, answer: DirectAnswer): Router {
  const router = Router().post(path, (req, res, next) => void answer(req, res as unknown as Answer).catch(next));
  directRoutes.set(router, { path, answer });
  return router;
}

/** The direct one of these routes for a request; undefined: express is to look. */
export function directOf(routes: readonly Router[]): (req: IncomingMessage) => DirectRoute | undefined {
  const byUrl = new Map(routes.flatMap((router) => directRoutes.get(router) ?? []).map((route) => [route.path, route]));
  return ({ method, url = '', headers }) => (method === 'POST' && headers.host !== undefined ? byUrl.get(url) : undefined);
}
