import type { Stored, Whereabouts } from '../slice.ts';
import { BETWEEN_MAX, type IdentityDecision, type IdentityState, type SeenFact, saidAt, timesOf, unite } from './identity-state.ts';

/** Several contacts' rows, by contactId. */
export type Rows = ReadonlyMap<string, Stored<IdentityState>>;
type Hand = { facts: SeenFact[]; decisions: Record<string, IdentityDecision> };

/** The states of all rows with everything where the directory has it now: each fact with whoever held its identifier at the time, each
 *  decision in the survivor of its home, and what the directory says of each contact. The total stays; what has nowhere to go stays put. */
export function deal(rows: Rows, where: Whereabouts): ReadonlyMap<string, IdentityState> {
  const hands = new Map(
    [...rows.keys()].map((contactId): [string, Hand] => [contactId, { facts: directoryFacts(contactId, where), decisions: {} }]),
  );
  for (const [contactId, { state }] of rows) {
    const hand = (joins: string | null) => hands.get(joins ?? contactId) ?? hands.get(contactId);
    for (const piece of Object.values(state.seen).flatMap((fact) => pieces(fact, where))) {
      if (piece.fact.as !== null || !where.who.has(contactId)) hand(piece.holder)?.facts.push(piece.fact);
    }
    for (const [decisionId, decision] of Object.entries(state.decisions)) {
      const dwelling = hand(survivor(decision.home, where));
      if (dwelling) dwelling.decisions[decisionId] = decision;
    }
  }
  return new Map([...hands].map(([contactId, { facts, decisions }]) => [contactId, { seen: unite(facts), decisions }]));
}

/** What the directory says of a contact: its whole set, in place of what it said before. */
const directoryFacts = (contactId: string, { who }: Whereabouts): SeenFact[] =>
  (who.get(contactId)?.signals ?? []).map(({ signal, at }) => ({ as: null, on: '', at, last: at, signal }));

/** A fact divided by who held its identifier when it was said. Holder null: nobody knows, it stays. Where more times were said than are kept, whoever
 *  came to hold it among those that are gone is taken to have said it too: a block too many, never one too few. */
export function pieces(fact: SeenFact, { periods }: Whereabouts): { fact: SeenFact; holder: string | null }[] {
  const held = fact.as === null ? [] : (periods.get(fact.as) ?? []);
  if (held.length === 0) return [{ fact, holder: null }];
  const times = timesOf(fact);
  const gone =
    (fact.between?.length ?? 0) < BETWEEN_MAX
      ? []
      : held.map(({ from }) => from).filter((from) => from > fact.at && from < (times[1] ?? 0));
  const holderAt = (at: number) => held.find(({ from, to }) => from <= at && at < to)?.contactId ?? null;
  return [...Map.groupBy([...times, ...gone], holderAt)].map(([holder, theirs]) => ({ fact: saidAt(fact, theirs), holder }));
}

/** The contact that now answers for another; null where the directory said nothing of it. */
function survivor(contactId: string, { who }: Whereabouts): string | null {
  let one = who.get(contactId);
  for (let hops = 0; one?.mergedInto && hops < who.size; hops++)
    one = who.get(one.mergedInto) ?? { ...one, contactId: one.mergedInto, mergedInto: null };
  return one?.contactId ?? null;
}
