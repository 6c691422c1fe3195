import type { Log } from '@keyturn/runtime';
import { type Allow, authenticator, checkApiKey, type Database, keepForgetting } from '@keyturn/store';
import { v7 } from 'uuid';
import type { Config } from '../config.ts';
import { identifyWith } from './caller.ts';
import { guardWith } from './guard.ts';
import { type Oidc, oidcOf } from './oidc.ts';
import { recordWith } from './record.ts';
import type { AccessSettings } from './settings.ts';
import { type StillMay, stillMayWith } from './still-may.ts';

type Parts = {
  readonly database: Database;
  readonly access: AccessSettings;
  readonly config: Pick<Config, 'KEYTURN_ADMIN_API_KEY'>;
  readonly now: () => Date;
  readonly log: Log;
};

/** The guard of every route and of what goes on for long, the organisation's own login, and the upkeep of what they look at. */
type Access = { readonly allow: Allow; readonly stillMay: StillMay; readonly oidc: Oidc | null; stop(): Promise<void> };

/** Opens all that says who may come in. */
export function openAccess({ database, access, config, now, log }: Parts): Access {
  const { pool } = database;
  const byKey = authenticator({ check: (key) => checkApiKey(pool, key, now()), adminKey: config.KEYTURN_ADMIN_API_KEY });
  const identify = identifyWith({ pool, byKey, settings: access, now });
  const allow = guardWith({ identify, settings: access, record: recordWith({ pool, now, newId: v7, log }) });
  const { stop } = keepForgetting(database, { auditDays: access.auditKeptDays, idleMinutes: access.life.idleMinutes }, log);
  return { allow, stillMay: stillMayWith(identify), oidc: access.oidc && oidcOf(access.oidc), stop };
}
