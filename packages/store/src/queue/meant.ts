import { AppError, DAY_MS, HOUR_MS, type IdentityChangesFilter, MINUTE_MS } from '@keyturn/contracts';
import { type Cause, facet, stormEnd } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** Which open changes are meant, as the queue finds them. */
export type Meant = {
  /** A stretch of facets that is read in the order of the queue; null: all there are. */
  readonly along: { readonly from: string; readonly to: string } | null;
  /** What each of them is to have beside that. */
  readonly others: readonly string[];
  /** Blocked before then; null: whenever. */
  readonly before: Date | null;
};
const UNIT_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** The meaning of a filter at an instant. Of several facets that with the fewest changes is read, and the others are looked up. Throws
 *  `request.invalid` for a group that is none of ours. */
export async function meantBy(tx: Tx, filter: IdentityChangesFilter, now: Date): Promise<Meant> {
  const { signal, phoneNumberId, stake, awaits, olderThan, group } = filter;
  const names = [
    ...(signal === undefined ? [] : [facet.signal(signal)]),
    ...(phoneNumberId === undefined ? [] : [facet.phoneNumber(phoneNumberId)]),
    ...(stake === undefined ? [] : [facet.stake(stake)]),
    ...(awaits === undefined ? [] : [facet.awaits(awaits)]),
  ];
  const before = olderThan === undefined ? null : new Date(now.getTime() - ageMs(olderThan));
  if (group !== undefined) return { along: await stretchOf(tx, group), others: names, before };
  const [rarest, ...others] = await rarestFirst(tx, names);
  return { along: rarest === undefined ? null : { from: rarest, to: rarest }, others, before };
}

/** An age in milliseconds. */
export const ageMs = (age: string): number => Number(age.slice(0, -1)) * UNIT_MS[age.slice(-1) as keyof typeof UNIT_MS];

async function rarestFirst(tx: Tx, names: readonly string[]): Promise<string[]> {
  if (names.length < 2) return [...names];
  const { rows } = await tx.query<{ facet: string; count: number }>({
    name: 'queue.counts_of',
    text: 'select facet, count from open_change_count where facet = any($1::text[])',
    values: [names],
  });
  const count = new Map(rows.map((row) => [row.facet, row.count]));
  return names.toSorted((a, b) => (count.get(a) ?? 0) - (count.get(b) ?? 0));
}

/** How a storm is named to whoever opens it. */
export const groupOf = ({ signal, phoneNumberId, numberPrefix, hour }: Cause): string =>
  Buffer.from(JSON.stringify([signal, phoneNumberId, numberPrefix, hour])).toString('base64url');

/** From the first hour of a storm to its last, which is later than when its name was told where more came in since. */
async function stretchOf(tx: Tx, group: string): Promise<{ from: string; to: string }> {
  const from = facet.cause(causeOf(group));
  const cause = from.slice(0, from.lastIndexOf('|') + 1);
  const { rows } = await tx.query<{ facet: string }>({
    name: 'queue.hours',
    text: 'select facet from open_change_count where facet >= $1 and facet < $2 order by facet',
    values: [from, `${cause}~`],
  });
  return { from, to: stormEnd(rows.map((row) => row.facet)) ?? from };
}

function causeOf(group: string): Cause {
  try {
    const read: unknown = JSON.parse(Buffer.from(group, 'base64url').toString('utf8'));
    if (Array.isArray(read) && read.length === 4 && read.every((part) => typeof part === 'string') && HOUR.test(String(read[3]))) {
      const [signal, phoneNumberId, numberPrefix, hour] = read as [Cause['signal'], string, string, string];
      return { signal, phoneNumberId, numberPrefix, hour };
    }
  } catch {
    // no JSON: refused below
  }
  throw new AppError('request.invalid', 'group: is none of ours. GET /v1/identity-changes/counts names the groups that there are.');
}
const HOUR = /^\d{4}-\d\d-\d\dT\d\d$/;
