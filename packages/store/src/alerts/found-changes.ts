import { type AlertFacts, type AlertRule, MINUTE_MS } from '@keyturn/contracts';
import { type Found, factsOf } from '@keyturn/domain';
import type { Tx } from '../database.ts';

type ChangesRule = Extract<AlertRule, { kind: 'identity_changes' }>;
/** A stretch of the changes of one cause. `toSeq` null: up to the newest. */
export type Stretch = { readonly cause: string; readonly fromSeq: string; readonly toSeq: string | null };

/** More than this are told as this many: counting them must not cost more and more. */
const COUNT_MAX = 200_000;
/** Beginnings of numbers that fewer share say too much of each. */
const RANGE_PEOPLE_MIN = 10;
const SHARES_MAX = 3;
const EXAMPLES_MAX = 5;

/** What a rule asks of a change, by the parameters from `$1` to `$4`. */
const FITS = `($1::text[] is null or c.signals && $1) and ($2::text[] is null or c.phone_number_ids && $2)
  and ($3::text[] is null or c.opted_in_to && $3) and c.seen_at <= $4`;
const askedOf = ({ when }: ChangesRule, now: Date) => [
  ...[when.signals ?? null, when.phoneNumberIds ?? null, when.optedInTo ?? null],
  new Date(now.getTime() - when.undecidedForMinutes * MINUTE_MS),
];

/** How many open changes of each cause fit a rule, and which alert covers them. It reads what is open, whatever there ever was. */
export async function findChanges(tx: Tx, rule: ChangesRule, now: Date): Promise<Found[]> {
  const { rows } = await tx.query<{ cause: string; alert_id: string | null; count: number; seq: string }>({
    name: 'alerts.find-changes',
    text: `select c.lead as cause, a.alert_id, count(*)::int as count, max(c.seq)::text as seq
           from (select * from alert_change c where ${FITS} limit ${COUNT_MAX}) c
             left join alert a on a.rule = $5 and a.status <> 'resolved' and a.cause = c.lead
               and c.seq > a.from_seq and (a.to_seq is null or c.seq <= a.to_seq)
           group by 1, 2 order by 1`,
    values: [...askedOf(rule, now), rule.name],
  });
  return rows
    .map(({ cause, alert_id, count, seq }) => ({ cause, alertId: alert_id, count, seq: Number(seq) }))
    .filter(({ alertId, count }) => alertId !== null || count >= rule.when.atLeast);
}

type FactsRow = {
  count: number;
  opted_in: number;
  since: Date | null;
  signals: AlertFacts['signals'] | null;
  numbers: AlertFacts['phoneNumberIds'] | null;
  ranges: AlertFacts['ranges'] | null;
  examples: AlertFacts['examples'] | null;
};
const sharesOf = (values: string, atLeast = 1) =>
  `(select jsonb_agg(jsonb_build_object('value', value, 'count', n) order by n desc, value) from (
     select value, count(*)::int as n from covered, ${values} where value is not null group by 1 having count(*) >= ${atLeast} order by 2 desc, 1 limit ${SHARES_MAX}) s)`;

/** What is known of a stretch of changes: how many, since when, what they share. */
export async function factsOfChanges(tx: Tx, rule: ChangesRule, { cause, fromSeq, toSeq }: Stretch, now: Date): Promise<AlertFacts> {
  const { rows } = await tx.query<FactsRow>({
    name: 'alerts.facts-of-changes',
    text: `with covered as materialized (
             select * from alert_change c where c.lead = $5 and c.seq > $6 and ($7::bigint is null or c.seq <= $7) and ${FITS} limit ${COUNT_MAX})
           select count(*)::int as count, count(*) filter (where cardinality(opted_in_to) > 0)::int as opted_in, min(since) as since,
             ${sharesOf('unnest(signals) as value')} as signals,
             ${sharesOf('unnest(phone_number_ids) as value')} as numbers,
             ${sharesOf('lateral (select range as value) r', RANGE_PEOPLE_MIN)} as ranges,
             (select jsonb_agg(jsonb_build_object('contactId', contact_id, 'number', masked, 'since', since, 'signals', signals)) from (
               select * from covered order by since, contact_id limit ${EXAMPLES_MAX}) e) as examples
           from covered`,
    values: [...askedOf(rule, now), cause, fromSeq, toSeq],
  });
  const [row] = rows;
  return factsOf('identity_changes', {
    ...{ count: row?.count ?? 0, optedIn: row?.opted_in ?? 0, since: row?.since?.toISOString() ?? null },
    ...{ signals: row?.signals ?? [], phoneNumberIds: row?.numbers ?? [], ranges: row?.ranges ?? [] },
    examples: (row?.examples ?? []).map((one) => ({ ...one, since: new Date(one.since).toISOString() })),
  });
}
