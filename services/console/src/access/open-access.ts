import type { Log } from '@keyturn/runtime';
import { type Allow, authenticator, checkApiKey, type Database, keepForgetting } from '@keyturn/store';
import { v7 } from 'uuid';
import type { Config } from '../config.ts';
import { identifyWith } from './caller.ts';
import { guardWith } from './guard.ts';
import { type Oidc, oidcOf } from './oidc.ts';
import { recordWith } from './record.ts';
import type { AccessSettings } from './settings.ts';

type Parts = {
  readonly database: Database;
  readonly access: AccessSettings;
  readonly config: Pick<Config, 'KEYTURN_ADMIN_API_KEY'>;
  readonly now: () => Date;
  readonly log: Log;
};

/** The guard of every route, the organisation's own login, and the upkeep of what both look at. */
export function openAccess({ database, access, config, now, log }: Parts): { allow: Allow; oidc: Oidc | null; stop(): Promise<void> } {
  const { pool } = database;
  const byKey = authenticator({ check: (key) => checkApiKey(pool, key, now()), adminKey: config.KEYTURN_ADMIN_API_KEY });
  const identify = identifyWith({ pool, byKey, settings: access, now });
  const allow = guardWith({ identify, settings: access, record: recordWith({ pool, now, newId: v7, log }) });
  const { stop } = keepForgetting(database, { auditDays: access.auditKeptDays, idleMinutes: access.life.idleMinutes }, log);
  return { allow, oidc: access.oidc && oidcOf(access.oidc), stop };
}
