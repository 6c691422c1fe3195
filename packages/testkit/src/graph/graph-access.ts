import { createHmac } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { graphError } from './graph-error.ts';
import type { GraphApp, GraphToken, GraphWorld } from './graph-world.ts';

/** Whoever calls: by a token of somebody's, or as the app itself by `<id>|<secret>`. */
export type GraphCaller = { readonly app: GraphApp; readonly token: GraphToken | null };

/** Lets in who has a token that is good now; else 401 with code 190, as the platform does. */
export const withToken =
  (world: GraphWorld): RequestHandler =>
  (req, res, next) => {
    const given = req.get('authorization')?.replace(/^Bearer /, '') ?? String(req.query.access_token ?? '');
    const caller = callerOf(world, given);
    if (given === '') return graphError(res, 401, { code: 104, message: 'An access token is required to request this resource.' });
    if (caller === null)
      return graphError(res, 401, { code: 190, message: `Invalid OAuth access token - Cannot parse access token ${given}` });
    if (caller.token !== null && expired(caller.token))
      return graphError(res, 401, { code: 190, error_subcode: 463, message: 'Error validating access token: Session has expired.' });
    if (caller.app.requiresProof && req.query.appsecret_proof !== createHmac('sha256', caller.app.secret).update(given).digest('hex'))
      return graphError(res, 400, { code: 100, message: 'API calls from the server require an appsecret_proof argument' });
    res.locals.caller = caller;
    next();
  };

export const callerIn = (res: Response): GraphCaller => res.locals.caller as GraphCaller;
export const mayDo = (res: Response, scope: string): boolean => callerIn(res).token?.scopes.includes(scope) ?? true;
export const expired = ({ expiresAt }: GraphToken): boolean => expiresAt !== 0 && expiresAt * 1000 <= Date.now();

function callerOf({ apps, tokens }: GraphWorld, given: string): GraphCaller | null {
  const asApp = apps.find(({ id, secret }) => given === `${id}|${secret}`);
  if (asApp !== undefined) return { app: asApp, token: null };
  const token = tokens.find((one) => one.token === given && one.valid);
  const app = apps.find(({ id }) => id === token?.appId);
  return token === undefined || app === undefined ? null : { app, token };
}

/** One field of a body or query, as text. */
export const textIn = (from: unknown, name: string): string | undefined => {
  const value = (from as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
};

/** A page as the platform cuts it: `limit` and `after`, cursors that mean nothing to whoever gets them. */
export function graphPage<Item>(req: Request, items: readonly Item[]): { data: Item[]; paging?: object } {
  const limit = Number(textIn(req.query, 'limit') ?? 25);
  const after = textIn(req.query, 'after');
  const from = after === undefined ? 0 : Number(Buffer.from(after, 'base64url').toString());
  const data = items.slice(from, from + limit);
  if (data.length === 0) return { data };
  const cursor = (at: number) => Buffer.from(String(at)).toString('base64url');
  const next = from + limit < items.length ? { next: `http://graph.invalid/?after=${cursor(from + limit)}` } : {};
  return { data, paging: { cursors: { before: cursor(from), after: cursor(from + data.length) }, ...next } };
}
