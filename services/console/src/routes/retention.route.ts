import { account, DAY_MS, DEAD_LETTER_DAYS, identityEvents, identityState, inbound, type RetainedJson, webhooks } from '@keyturn/contracts';
import { readKeptDays, readOldestMonths } from '@keyturn/store';
import { Router } from 'express';
import { ALERTS_KEPT_DAYS } from '../alerts/settings.ts';
import type { Deps } from './deps.ts';

/** `GET /v1/retention`: 200 with how long what is kept and what decides it; 401; 403 without scope `read`; 503 while the database is away. */
export function retentionRoute({ pool, allow, access }: Pick<Deps, 'pool' | 'allow' | 'access'>): Router {
  return Router().get('/v1/retention', allow('read'), async (_req, res) => {
    const known = { months: await readOldestMonths(pool), days: await readKeptDays(pool) };
    res.json({ items: retained(access.auditKeptDays, known), nextCursor: null });
  });
}

/** What `contact` and `gate` keep where they are told nothing else. */
export const UNSET_DAYS = 90;
type What = RetainedJson['what'];
const topic = (what: What, { name, retentionMs }: { name: string; retentionMs?: number }): RetainedJson => ({
  ...{ what, by: 'topic', name, service: null, unsetDays: null, goneBefore: null },
  days: retentionMs === undefined ? null : retentionMs / DAY_MS,
});
const fixed = (what: What, name: string, days: number | null): RetainedJson => ({
  ...{ what, by: days === null ? 'hand' : 'release', name, service: null, days, unsetDays: null, goneBefore: null },
});

/** From when on each table has a month, and for how many days its service says that it keeps it. */
type Known = { readonly months: ReadonlyMap<string, Date>; readonly days: ReadonlyMap<string, number> };

function retained(auditDays: number, { months, days }: Known): RetainedJson[] {
  const goneBefore = (table: string) => months.get(table)?.toISOString() ?? null;
  const told = (what: What, service: string, table: string): RetainedJson => ({
    ...{
      what,
      by: 'variable',
      name: service === 'gate' ? 'GATE_KEPT_DAYS' : 'OUTBOUND_KEPT_DAYS',
      service,
      days: days.get(table) ?? null,
      unsetDays: UNSET_DAYS,
    },
    goneBefore: goneBefore(table),
  });
  return [
    topic('webhooks', webhooks),
    topic('inbound_events', inbound),
    topic('account_events', account),
    topic('change_events', { ...identityEvents, name: '*.events.v1' }),
    fixed('dead_letters', 'dead_letter', DEAD_LETTER_DAYS),
    told('sent_statuses', 'contact', 'outbound_status'),
    told('sent_past_gate', 'contact', 'outbound_ungated'),
    told('sent_through_gate', 'gate', 'outbound_sent'),
    told('gate_decisions', 'gate', 'gate_decision'),
    fixed('alerts', 'alert', ALERTS_KEPT_DAYS),
    { ...fixed('audit', 'AUDIT_KEPT_DAYS', auditDays), by: 'variable', service: 'console' },
    { ...fixed('journal', 'journal', null), goneBefore: goneBefore('journal') },
    fixed('decisions', 'identity_decision, consent_ledger', null),
    topic('state', { ...identityState, name: '*.state.v1' }),
  ];
}
