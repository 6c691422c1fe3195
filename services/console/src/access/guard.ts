import type { Scope } from '@keyturn/contracts';
import { type Allow, requireScope } from '@keyturn/store';
import type { Request, RequestHandler, Response } from 'express';
import type { Identify } from './caller.ts';
import { isUnsafe, refuseForeign } from './same-origin.ts';
import type { AccessSettings } from './settings.ts';

type Guarded = Scope | 'somebody';
const guards = new WeakMap<RequestHandler, Guarded>();
/** For whom a handler keeps a route; undefined: it keeps none. */
export const guardedFor = (handler: RequestHandler | undefined): Guarded | undefined => handler && guards.get(handler);

/** Whoever has read it can act by it, so that is told too. */
const showsSecret = ({ route }: Request): boolean => String(route?.path).endsWith('/secret');

type Parts = {
  readonly identify: Identify;
  readonly settings: Pick<AccessSettings, 'origin'>;
  /** Writes down that somebody is about to do something, before it is done. */
  readonly record: (req: Request, res: Response, actor: string) => Promise<void>;
};

/** A guard that asks who it is before anything of the request is read, and has it written down before anything is done or a secret is shown. What is answered behind it is about
 *  people, and not to be cached. */
export const guardWith =
  ({ identify, settings, record }: Parts): Allow =>
  (who) => {
    const guard: RequestHandler = async (req, res, next) => {
      const caller = await identify(req);
      const { me, session } = caller;
      if (session !== null) refuseForeign(req, settings);
      if (who !== 'somebody') requireScope(session === null ? { scopes: me.scopes } : me, who);
      Object.assign(res.locals, { caller, actor: me.actor });
      res.set('cache-control', 'no-store');
      if (isUnsafe(req) ? who !== 'read' : showsSecret(req)) await record(req, res, me.actor);
      next();
    };
    guards.set(guard, who);
    return guard;
  };
