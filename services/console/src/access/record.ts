import { httpRoutes } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import { type AuditEntry, type Database, recordAudit } from '@keyturn/store';
import type { Request, Response } from 'express';
import { idIn } from '../routes/id-in-path.ts';

type Parts = { readonly pool: Database['pool']; readonly now: () => Date; readonly newId: () => string; readonly log: Log };

const actions = new Map(httpRoutes.console.map(({ method, path, operationId }) => [`${method.toUpperCase()} ${path}`, operationId]));
/** The operation of a request that a route has taken. */
function actionOf(req: Request): string {
  const route = `${req.method} ${String(req.route?.path).replaceAll(/:(\w+)/g, '{$1}')}`;
  return actions.get(route) ?? route;
}

/** In a path, these name a person or are a secret. */
const UNTOLD = ['waId', 'token'];
/** What a path names by an id: `contact:<contactId>`. */
function subjectOf(req: Request): string | null {
  const [found] = Object.entries(req.params).filter(([name, value]) => !UNTOLD.includes(name) && /^[\w.-]{1,100}$/.test(String(value)));
  return found === undefined ? null : `${found[0].replace(/Id$/, '')}:${idIn(req, found[0]) ?? String(found[1])}`;
}

/** Says on what a request acts where its path does not: `key:<keyId>` of a key that it makes. */
export const actsOn = (res: Response, subject: string): void => {
  res.locals.subject = subject;
};

/** Writes down that somebody is about to do something: what can't be written down is not done. How it ended is added once it is answered. */
export function recordWith({ pool, now, newId, log }: Parts): (req: Request, res: Response, actor: string) => Promise<void> {
  return async (req, res, actor) => {
    const entry = { requestId: newId(), actor, action: actionOf(req), subject: subjectOf(req), status: null };
    await recordAudit(pool, { ...entry, phase: 'asked' }, now());
    res.set('x-request-id', entry.requestId);
    res.once('close', () => {
      const answered: AuditEntry = {
        ...entry,
        phase: 'answered',
        subject: typeof res.locals.subject === 'string' ? res.locals.subject : entry.subject,
        status: res.writableFinished ? res.statusCode : null,
      };
      recordAudit(pool, answered, now()).catch((error: Error) =>
        log.warn({ reason: error.message, request: entry.requestId }, 'the audit log does not say how a request ended'),
      );
    });
  };
}
