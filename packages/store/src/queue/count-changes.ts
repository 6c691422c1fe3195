import type { IdentityChangeCountsJson } from '@keyturn/contracts';
import { counted, STORM_HOUR_MIN, type Storm, stormsIn } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { ageMs, groupOf } from './meant.ts';

const STORMS_MAX = 50;
const HOURS_MAX = 1_000;
const AGES = ['1h', '4h', '1d', '3d', '7d'];
type Count = { readonly facet: string; readonly count: number };

/** How many blocks await a decision, as they are sorted in: exact, and at most a moment old. What it costs grows with what one can filter by, not with
 *  how many are open. */
export async function countChanges(tx: Tx, now: Date): Promise<IdentityChangeCountsJson> {
  const { rows } = await tx.query<Count>({
    name: 'queue.counts',
    text: `select facet, count from open_change_count where facet < 'c:' or (facet >= 'd' and facet < 'x') order by count desc, facet`,
  });
  const storms = stormsIn(await busyHours(tx)).slice(0, STORMS_MAX);
  return {
    open: rows.find(({ facet }) => facet === counted.all)?.count ?? 0,
    bySignal: named(rows, 's:').map(({ name, count }) => ({ signal: name as never, count })),
    byPhoneNumber: named(rows, 'n:').map(({ name, count }) => ({ phoneNumberId: name, count })),
    byStake: named(rows, 'k:').map(({ name, count }) => ({ stake: name as never, count })),
    byAwaits: named(rows, 'w:').map(({ name, count }) => ({ awaits: name as never, count })),
    byAge: AGES.map((olderThan) => ({ olderThan, count: olderCount(rows, new Date(now.getTime() - ageMs(olderThan))) })),
    groups: await measured(tx, storms),
    lastDecidedAt: await lastDecidedAt(tx),
    asOf: now.toISOString(),
  };
}

const named = (rows: readonly Count[], prefix: string) =>
  rows.filter(({ facet }) => facet.startsWith(prefix)).map(({ facet, count }) => ({ name: facet.slice(prefix.length), count }));

function olderCount(rows: readonly Count[], before: Date): number {
  const end = counted.tenMinutes(before.toISOString());
  return named(rows, 'a:').reduce((sum, { name, count }) => (`a:${name}` < end ? sum + count : sum), 0);
}

/** By the ids, which grow with time. */
async function lastDecidedAt(tx: Tx): Promise<string | null> {
  const { rows } = await tx.query<{ decided_at: Date }>({
    name: 'queue.last-decided',
    text: 'select decided_at from identity_decision order by decision_id desc limit 1',
  });
  return rows[0]?.decided_at.toISOString() ?? null;
}

async function busyHours(tx: Tx): Promise<Count[]> {
  const { rows } = await tx.query<Count>({
    name: 'queue.busy',
    text: `select facet, count from open_change_count where facet >= 'c:' and facet < 'd' and count >= ${STORM_HOUR_MIN} order by count desc nulls last limit ${HOURS_MAX}`,
  });
  return rows;
}

/** All of each storm, its quiet hours in between too, with its first and its last change. */
async function measured(tx: Tx, storms: readonly Storm[]): Promise<IdentityChangeCountsJson['groups']> {
  if (storms.length === 0) return [];
  const { rows } = await tx.query<{ count: number; since: Date | null; newest: Date | null }>({
    name: 'queue.storms',
    text: `select (select coalesce(sum(c.count), 0)::int from open_change_count c where c.facet between s."from" and s."to") as count,
             (select f.blocked_at from open_change_facet f where f.facet between s."from" and s."to" order by f.facet, f.blocked_at limit 1) as since,
             (select f.blocked_at from open_change_facet f where f.facet between s."from" and s."to" order by f.facet desc, f.blocked_at desc limit 1) as newest
           from unnest($1::text[], $2::text[]) with ordinality as s("from", "to", place) order by s.place`,
    values: [storms.map(({ from }) => from), storms.map(({ to }) => to)],
  });
  return storms.flatMap((storm, i) => {
    const { count = 0, since, newest } = rows[i] ?? {};
    if (!since || !newest) return [];
    const { signal, phoneNumberId, numberPrefix } = storm;
    return [
      {
        ...{ group: groupOf(storm), count, since: since.toISOString(), newestAt: newest.toISOString(), signal },
        ...{ phoneNumberId: phoneNumberId || null, numberPrefix: numberPrefix || null },
      },
    ];
  });
}
