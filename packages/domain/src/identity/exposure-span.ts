import type { IdentityView } from '@keyturn/contracts';

/** From when on what went to a contact may have gone to somebody else: per number of ours, and on all others. Null: nothing ever showed the holder
 *  there, so everything counts. */
export type ExposureSpan = {
  readonly blockedAt: string;
  readonly since: ReadonlyMap<string, string | null>;
  readonly elsewhere: string | null;
};

/** The span of a block as its view says it; null: it is none. Hashes are compared only within one number of ours, so where a change was seen its own
 *  last proof counts. A number without a change of its own says nothing of whether the account is still the same: there the
 *  earliest proof of those that have one counts, or its own where that is earlier still. Rather too much than too little. */
export function exposureSpan({ status, blockedAt, evidence, knownUntil = [] }: IdentityView): ExposureSpan | null {
  if (status !== 'blocked' || blockedAt === null) return null;
  const proofOn = new Map(knownUntil.map(({ phoneNumberId, at }) => [phoneNumberId, at]));
  const changed = new Set(evidence.flatMap(({ phoneNumberId }) => phoneNumberId ?? []));
  const told = changed.size > 0 ? [...changed].map((on) => proofOn.get(on) ?? null) : [...proofOn.values()];
  const elsewhere = earliest(told);
  const numbers = [...new Set([...changed, ...proofOn.keys()])].sort();
  const sinceOn = (on: string) =>
    changed.has(on) ? (proofOn.get(on) ?? null) : ownOrEarlier(proofOn.get(on), elsewhere, changed.size > 0);
  return { blockedAt, since: new Map(numbers.map((on) => [on, sinceOn(on)])), elsewhere };
}

/** What the directory alone says (a number changed) is on no number of ours: there each has its own proof. */
const ownOrEarlier = (own: string | undefined, elsewhere: string | null, isSeenElsewhere: boolean) =>
  isSeenElsewhere ? earliest([own ?? null, elsewhere]) : (own ?? null);
/** Null is earlier than all. Nothing at all: null. */
const earliest = (instants: readonly (string | null)[]): string | null =>
  instants.length === 0 || instants.includes(null) ? null : ((instants as string[]).toSorted()[0] ?? null);
