import type { Identifier } from '../directory/identifier.ts';
import { byText, type IdentityDecision, type IdentityState, isMoment, type SeenFact, what } from './identity-state.ts';
import { type Standing, standing } from './standing.ts';

/** Who decides on which identifiers, and when (whole seconds). */
export type Settlement = {
  readonly decisionId: string;
  readonly home: string;
  readonly of: readonly Identifier[];
  readonly decidedAt: number;
};

/** The same person: all that is open is covered, by one decision in place of all earlier ones. A number of ours that shared a hash with the
 *  changed one moves with it, so nobody is paged twice. */
export function release(state: IdentityState, settlement: Settlement): IdentityState {
  const { open, top, hashes, current } = standing(state);
  const changed = (top && hashes.get(top.on)) ?? [];
  const moves = (on: string) => on === top?.on || (hashes.get(on) ?? []).some((hash) => changed.includes(hash));
  const next = top && (top.signal === undefined ? top.hash : null); // null: the next hash is trusted on first use
  const numbers = new Set([...(top ? [top.on] : []), ...hashes.keys()].filter((on) => on !== ''));
  const accepted = Object.fromEntries([...numbers].map((on) => [on, (moves(on) ? next : current.get(on)) ?? null]));
  const decision = decisionOn(open, Object.values(state.decisions), settlement, { accepted, hashes });
  return { seen: ofDirectory(state), decisions: { [settlement.decisionId]: decision } };
}

/** What the directory says stays: it is the directory's set, covered or not. */
const ofDirectory = ({ seen }: IdentityState) => Object.fromEntries(Object.entries(seen).filter(([, fact]) => fact.as === null));

/** What is expected from now on, of all that was known. */
type Expected = Pick<IdentityDecision, 'accepted'> & Pick<Standing, 'hashes'>;
/** The decision that covers these facts and what the earlier ones covered, up to the newest of them on each number of ours. */
export function decisionOn(
  facts: readonly SeenFact[],
  earlier: readonly IdentityDecision[],
  { home, of, decidedAt }: Settlement,
  { accepted, hashes }: Expected,
): IdentityDecision {
  const asOf: Record<string, number> = {};
  const upTo = (on: string, at: number) => {
    asOf[on] = Math.max(asOf[on] ?? Number.NEGATIVE_INFINITY, Math.min(at, decidedAt)); // a clock ahead of ours covers nothing to come
  };
  for (const { on, last } of facts) upTo(on, last);
  for (const [on, at] of earlier.flatMap((decision) => Object.entries(decision.asOf))) upTo(on, at);
  const lasting = facts.filter((fact) => fact.signal !== undefined && !isMoment(fact));
  const passing = facts.filter((fact) => !lasting.includes(fact));
  const sawThen = (on: string) => [
    ...passing.filter((fact) => fact.on === on).map(what),
    ...earlier.filter((decision) => decision.asOf[on] === asOf[on]).flatMap((decision) => decision.sawThen[on] ?? []),
  ];
  return {
    of: unique([...of, ...facts.flatMap(({ as }) => as ?? [])]),
    asOf,
    saw: unique([...lasting.map(what), ...earlier.flatMap(({ saw }) => saw)]),
    sawThen: Object.fromEntries(Object.keys(asOf).map((on) => [on, unique(sawThen(on))])),
    accepted,
    replaced: replacedBy(facts, earlier, { accepted, hashes }),
    ...renewedBy(earlier, accepted, asOf),
    home,
  };
}
/** Per number of ours: every hash that was known, accepted before or on a refused send, and is not accepted now. */
function replacedBy(facts: readonly SeenFact[], earlier: readonly IdentityDecision[], { accepted, hashes }: Expected) {
  const known = [
    ...[...hashes].flatMap(([on, all]) => all.map((hash) => [on, hash] as const)),
    ...facts.flatMap(({ on, under }) => (under === undefined ? [] : [[on, under] as const])),
    ...earlier.flatMap(({ replaced = {} }) => Object.entries(replaced).flatMap(([on, all]) => all.map((hash) => [on, hash] as const))),
  ].filter(([on, hash]) => hash !== accepted[on]);
  const byNumber = Map.groupBy(known, ([on]) => on);
  return Object.fromEntries([...byNumber].map(([on, all]) => [on, unique(all.map(([, hash]) => hash))]));
}
/** Per number of ours, the hash accepted now that had been replaced up to this instant; nothing where there is none. */
function renewedBy(earlier: readonly IdentityDecision[], accepted: IdentityDecision['accepted'], asOf: IdentityDecision['asOf']) {
  const wasReplaced = (on: string, hash: string) =>
    earlier.some(({ replaced = {}, renewed = {}, asOf: then }) =>
      [...(replaced[on] ?? []), ...(then[on] === asOf[on] ? (renewed[on] ?? []) : [])].includes(hash),
    );
  const renewed = Object.entries(accepted).filter(([on, hash]) => hash !== null && wasReplaced(on, hash));
  return renewed.length > 0 ? { renewed: Object.fromEntries(renewed.map(([on, hash]) => [on, [hash as string]])) } : {};
}
const unique = <Text extends string>(texts: readonly Text[]): Text[] => [...new Set(texts)].sort(byText);
