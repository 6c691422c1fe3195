import type { ConsentView, Evidence, IdentityView } from '@keyturn/contracts';
import { identifierParts } from '../directory/identifier.ts';
import type { Holding } from '../slice.ts';
import { numberPrefix } from './number-prefix.ts';

/** An open change, as far as the queue sorts it. */
export type OpenChange = {
  readonly identity: IdentityView;
  readonly consent: ConsentView;
  readonly holdings: readonly Holding[];
  /** The business was asked, and may still answer. */
  readonly awaitsBusiness: boolean;
};
/** What changes of one storm share. `phoneNumberId` '': the directory alone says it; `numberPrefix` '': the person has no number; `hour`: the one (UTC) in which
 *  it was blocked, as `2026-03-01T02`. */
export type Cause = {
  readonly signal: Evidence['kind'];
  readonly phoneNumberId: string;
  readonly numberPrefix: string;
  readonly hour: string;
};

/** The names under which a change is found: one a filter, as text that sorts by its code units. Hours of one cause follow each other. */
export const facet = {
  signal: (signal: string) => `s:${signal}`,
  phoneNumber: (phoneNumberId: string) => `n:${phoneNumberId}`,
  stake: (category: string) => `k:${category}`,
  awaits: (whom: 'operator' | 'business') => `w:${whom}`,
  cause: ({ signal, phoneNumberId, numberPrefix: prefix, hour }: Cause) =>
    `c:${signal}|${encodeURIComponent(phoneNumberId.toWellFormed())}|${prefix}|${hour}`,
};

/** The names under which a change is counted and not found: all of them, and by the ten minutes in which it was blocked. */
export const counted = { all: 'o', tenMinutes: (instant: string) => `a:${instant.slice(0, 15)}` };

/** Every facet of a blocked contact, in order; of one that is not blocked: none. The hash of the holder whom we knew is no signal. */
export function facetsOf({ identity, consent, holdings, awaitsBusiness }: OpenChange): string[] {
  const { blockedAt } = identity;
  const news = identity.evidence.filter(({ code }) => code !== 'known_key_hash');
  if (identity.status !== 'blocked' || blockedAt === null) return [];
  const first = news.find(({ firstAt }) => firstAt === blockedAt) ?? news[0];
  const cause = { signal: first?.kind ?? 'hash', phoneNumberId: first?.phoneNumberId ?? '', numberPrefix: prefixOf(holdings) };
  const all = [
    ...news.map(({ kind }) => facet.signal(kind)),
    ...news.flatMap(({ phoneNumberId }) => (phoneNumberId === null ? [] : [facet.phoneNumber(phoneNumberId)])),
    ...Object.entries(consent).flatMap(([category, { status }]) => (status === 'opted_in' ? [facet.stake(category)] : [])),
    facet.awaits(awaitsBusiness ? 'business' : 'operator'),
    facet.cause({ ...cause, hour: blockedAt.slice(0, 13) }),
  ];
  return [...new Set(all)].sort();
}

/** How the number begins that the person has, or had last. */
function prefixOf(holdings: readonly Holding[]): string {
  const numbers = holdings.filter(({ identifier }) => identifier.startsWith('w:')).toSorted((a, b) => a.to - b.to);
  const last = numbers.at(-1);
  return last === undefined ? '' : numberPrefix(identifierParts(last.identifier).value);
}

/** The cause that a facet names; null: it names none. */
export function causeIn(name: string): Cause | null {
  const [, signal, phoneNumberId, prefix, hour] = /^c:([^|]+)\|([^|]*)\|([^|]*)\|([^|]+)$/.exec(name) ?? [];
  if (signal === undefined || phoneNumberId === undefined || prefix === undefined || hour === undefined) return null;
  return { signal: signal as Cause['signal'], phoneNumberId: decodeURIComponent(phoneNumberId), numberPrefix: prefix, hour };
}
