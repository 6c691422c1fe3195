import type { AlertFacts, AlertRule } from '@keyturn/contracts';
import { factsOf, nextDailyAt } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { type Enqueuing, tellRoutes } from './tell-routes.ts';

type DigestRule = Extract<AlertRule, { kind: 'digest' }>;
const LISTED_MAX = 100;
const COUNT_MAX = 200_000;

/** Has what awaits a decision told where its time has come, once a day however many processes look; answers when that is next. One whose time passed while nobody
 *  looked is told then. */
export async function tellDigest(tx: Tx, rule: DigestRule, dueAt: Date | null, { newId, at }: Enqueuing): Promise<Date> {
  const next = new Date(nextDailyAt(rule.at, rule.timeZone, at.getTime()));
  if (dueAt === null || dueAt > at) return dueAt ?? next;
  if (!rule.isOn) return next;
  const facts = await factsOfAll(tx);
  await tellRoutes(
    tx,
    rule.routes,
    {
      ...{ message: 'digest', alertId: null, rule: rule.name, severity: 'info', at: at.toISOString(), facts },
      ...{ by: null, untakenMinutes: null },
    },
    { newId, at },
  );
  return next;
}

async function factsOfAll(tx: Tx): Promise<AlertFacts> {
  const { rows } = await tx.query<{ count: number; opted_in: number; since: Date | null; examples: AlertFacts['examples'] | null }>({
    name: 'alerts.digest',
    text: `select count(*)::int as count, count(*) filter (where cardinality(opted_in_to) > 0)::int as opted_in, min(since) as since,
             (select jsonb_agg(jsonb_build_object('contactId', contact_id, 'number', masked, 'since', since, 'signals', signals)) from (
               select * from alert_change order by since, contact_id limit ${LISTED_MAX}) e) as examples
           from (select opted_in_to, since from alert_change limit ${COUNT_MAX}) c`,
  });
  const [row] = rows;
  return factsOf('identity_changes', {
    ...{ count: row?.count ?? 0, optedIn: row?.opted_in ?? 0, since: row?.since?.toISOString() ?? null },
    examples: (row?.examples ?? []).map((one) => ({ ...one, since: new Date(one.since).toISOString() })),
  });
}
