import type { Identifier } from '../directory/identifier.ts';

/** What one event said of a person: a hash, or a signal (a legacy block is both). `as`: the identifier it came under, null for what the
 *  directory says; `on`: our number, '' for the directory; `at`: whole seconds. */
export type IdentityFact = {
  readonly as: Identifier | null;
  readonly on: string;
  readonly at: number;
  readonly hash?: string;
  readonly signal?: string;
  /** The hash that a refused send carried, where that is known. */
  readonly under?: string;
  /** The event that said so at `at`. */
  readonly by?: string;
};
/** The first and last time that something was said, and when in between: so that a boundary learned late divides it as if it had been known, and
 *  makes nothing up for whoever held the identifier in the middle. Of the times in between the newest are kept; absent: none. */
export type SeenFact = IdentityFact & { readonly last: number; readonly between?: readonly number[] };
/** How many times in between are kept. Beyond, see `pieces`. */
export const BETWEEN_MAX = 30;
/** When it was said, in order, as far as it is kept. */
export const timesOf = ({ at, between, last }: SeenFact): readonly number[] => [at, ...(between ?? []), ...(last === at ? [] : [last])];
/** The fact as said at these times, of which there is at least one; they may repeat and come in any order. */
export function saidAt({ between: _, by, ...fact }: SeenFact, times: readonly number[]): SeenFact {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const [at, last] = [sorted[0] ?? fact.at, sorted.at(-1) ?? fact.last];
  const between = sorted.slice(1, -1).slice(-BETWEEN_MAX);
  return { ...fact, at, last, ...(between.length > 0 ? { between } : {}), ...(by !== undefined && at === fact.at ? { by } : {}) };
}
/** Two sightings of the same as one: the first names the event, of two in one second the smaller id. */
function together(a: SeenFact, b: SeenFact): SeenFact {
  const first = a.at < b.at || (a.at === b.at && byText(a.by ?? '\uffff', b.by ?? '\uffff') <= 0) ? a : b;
  return saidAt(first, [...timesOf(a), ...timesOf(b)]);
}

/** Which part of what was said somebody entitled has decided on. It speaks for the identifiers it knew, up to the newest thing that it
 *  saw on each of our numbers, never up to the clock on the wall. One without a time stays seen however often it is said. */
export type IdentityDecision = {
  readonly of: readonly Identifier[];
  readonly asOf: Readonly<Record<string, number>>;
  /** Signals seen, by name, whenever they are said again. */
  readonly saw: readonly string[];
  /** Per number of ours, what else was seen: it counts at the instant `asOf`, before which all is covered. */
  readonly sawThen: Readonly<Record<string, readonly string[]>>;
  /** The hash to expect per number of ours; null: the next one is trusted on first use. */
  readonly accepted: Readonly<Record<string, string | null>>;
  /** Per number of ours, the hashes that it knew and did not accept: a send under one of them is refused from then on, and that tells nothing new. */
  readonly replaced?: Readonly<Record<string, readonly string[]>>;
  /** Per number of ours, the hashes that an earlier decision had replaced and that are accepted again: what was refused under them up to the instant
   *  `asOf` told nothing new then, and tells nothing new when it is said again. */
  readonly renewed?: Readonly<Record<string, readonly string[]>>;
  /** The contact it was made in. It lives where that one's survivor is. */
  readonly home: string;
};

/** All that is stored about who answers: plain JSON. Everything that anybody asks is derived from it. */
export type IdentityState = {
  readonly seen: Readonly<Record<string, SeenFact>>;
  readonly decisions: Readonly<Record<string, IdentityDecision>>;
};
/** Nothing was ever said. */
export const nothingSeen: IdentityState = { seen: {}, decisions: {} };

/** How many of the newest signals that name one event are kept under an identifier and a number of ours. */
export const MOMENTS_MAX = 8;
/** A signal that names one event: as many can come as there are sends to a blocked contact, so only some are kept. */
export const isMoment = ({ signal }: IdentityFact): boolean => signal !== undefined && /^(mismatch:|undecided:|legacy:@)/.test(signal);

/** What was said, without under which identifier and on which number. A moment has one instant, and that is part of its name, as are the hashes of a
 *  refused send. */
export const what = (fact: IdentityFact): string =>
  `${fact.signal ?? `hash:${fact.hash}`}${isMoment(fact) ? `@${fact.at}${hashesOf(fact)}` : ''}`;
const hashesOf = ({ hash, under }: IdentityFact) =>
  `${hash === undefined ? '' : ` is ${hash}`}${under === undefined ? '' : ` not ${under}`}`;
/** Whether a send was refused, since the person has another hash than it carried. */
export const isRefusal = ({ signal }: IdentityFact): boolean => signal?.startsWith('mismatch:') ?? false;
/** One key for all sightings of the same. */
export const factKey = (fact: IdentityFact): string => `${fact.as ?? ''}|${fact.on}|${what(fact)}`;
/** Compares by code unit, so that every order is the same everywhere. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The whole algebra, and the whole of a merge: union of what was said, first and last time. No order and no repeat can matter. */
export function joinIdentity(a: IdentityState, b: IdentityState): IdentityState {
  return { seen: unite(Object.values(a.seen), Object.values(b.seen)), decisions: { ...a.decisions, ...b.decisions } };
}
/** The facts by key, each once, with its first and last time; of moments the earliest and the newest. */
export function unite(...groups: readonly (readonly SeenFact[])[]): Record<string, SeenFact> {
  const seen: Record<string, SeenFact> = {};
  for (const fact of groups.flat()) {
    const key = factKey(fact);
    const known = seen[key];
    seen[key] = known === undefined ? fact : together(known, fact);
  }
  for (const key of surplus(Object.values(seen).filter(isMoment))) delete seen[key];
  return seen;
}
/** Ties at the cut stay: what goes is older by seconds than what stays, so a decision on this covers that when it comes again. */
function surplus(moments: readonly SeenFact[]): string[] {
  if (moments.length <= MOMENTS_MAX) return [];
  const kinds = Map.groupBy(moments, (moment) => `${moment.as ?? ''}|${moment.on}|${what(moment).split(':', 1)[0]}`);
  return [...kinds.values()].flatMap((kind) => {
    const sorted = kind.toSorted((a, b) => b.at - a.at || byText(factKey(b), factKey(a)));
    const cut = sorted[MOMENTS_MAX - 1]?.at ?? Number.NEGATIVE_INFINITY;
    return sorted.filter((moment, i) => moment.at < cut && i < sorted.length - 1).map(factKey);
  });
}

/** Whether nothing would be saved, not even a time. A key says all of a fact but its times; a decision never changes. */
export function sameState(a: IdentityState, b: IdentityState): boolean {
  const keys = Object.keys(a.seen);
  return (
    keys.length === Object.keys(b.seen).length &&
    keys.every((key) => timesIn(a, key) === timesIn(b, key)) &&
    Object.keys(a.decisions).sort().join() === Object.keys(b.decisions).sort().join()
  );
}
const timesIn = ({ seen }: IdentityState, key: string): string => (seen[key] === undefined ? '' : `${timesOf(seen[key])} ${seen[key].by}`);
