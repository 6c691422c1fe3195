import type { ConsentFact, ConsentView } from '@keyturn/contracts';
import { heldNow, sameHeld } from '../contact/held-now.ts';
import { dealOut, keep, sameKept } from '../contact/kept.ts';
import { apply, type Decision, skip, touch } from '../decision.ts';
import type { Identifier } from '../directory/identifier.ts';
import { secondOf } from '../seconds.ts';
import { type Resolved, type Slice, type Stored, sameHoldings, type Told, type Whereabouts } from '../slice.ts';
import { consentFactOf } from './consent-fact.ts';
import { type ConsentState, consentView, registerLabel, sameStatuses, THREAD_CATEGORIES } from './consent-view.ts';

/** A row of the ledger, written once under `factId`. `on`: our number, where there is one. It stays with the contact it was written for. */
export type LedgerRow = { readonly factId: string; readonly as: Identifier; readonly on: string | null; readonly fact: ConsentFact };
/** `ledger` is for the repository alone; what is published of it is in `fields`. Absent on `consent.regrouped`. */
export type ConsentTold = Told & { readonly ledger?: LedgerRow };
/** What follows for consent from one input. */
export type ConsentDecision = Decision<ConsentState, ConsentTold>;

/** May we write to this contact, per category. Any order and any repeats of facts give the same view, and no message undoes a stop. */
export const consentSlice: Slice<ConsentState, ConsentView, ConsentTold> = {
  name: 'consent',
  empty: { kept: {}, held: null },
  view: consentView,
  idle: (input) => {
    const fact = consentFactOf(input);
    return 'nothing' in fact ? fact.nothing : null;
  },
  decide: (stored, input: Resolved) => {
    const fact = consentFactOf(input);
    if ('nothing' in fact) return skip(fact.nothing);
    return recordConsent(stored, { factId: input.id, as: input.as, on: input.phoneNumberId, fact });
  },
  regroup: regroupConsent,
};

/** Takes one fact into the ledger and the registers, whatever its source. Recorded before (same `factId`): skip. Of threads only one that
 *  begins earlier than all known under its identifier and source is a ledger row, another is a touch. */
export function recordConsent({ state }: Pick<Stored<ConsentState>, 'state'>, row: LedgerRow): ConsentDecision {
  const fact: ConsentFact = row.fact.kind === 'thread' ? { ...row.fact, categories: [...THREAD_CATEGORIES] } : row.fact;
  const { kind, source } = fact;
  const at = secondOf(fact.occurredAt);
  const labels = kind === 'thread' ? [registerLabel(kind, source)] : fact.categories.map((one) => registerLabel(kind, source, one));
  const entry = kind === 'thread' ? at : ([at, row.factId] as const);
  const kept = labels.reduce((sofar, one) => keep(sofar, row.as, one, entry), state.kept);
  if (kept === state.kept) return skip('seen_before');
  const next = { ...state, kept };
  if (kind === 'thread' && kept[row.as]?.[labels[0] ?? '']?.[0] !== at) return touch(next);
  const same = sameStatuses(consentView(state), consentView(next));
  return apply<ConsentState, ConsentTold>(next, {
    type: same ? 'consent.recorded' : 'consent.status_changed',
    fields: { fact },
    ledger: { ...row, fact },
  });
}

/** Stops go wherever their identifier's holder goes; what was opted in to under an identifier left behind no longer counts. */
function regroupConsent(stored: ReadonlyMap<string, Stored<ConsentState>>, where: Whereabouts): ReadonlyMap<string, ConsentDecision> {
  const dealt = dealOut(new Map([...stored].map(([contactId, { state }]) => [contactId, state.kept])), where);
  return new Map([...stored].map(([contactId, row]) => [contactId, follow(contactId, row)]));

  function follow(contactId: string, { state, version, holdings, mergedInto }: Stored<ConsentState>): ConsentDecision {
    const who = where.who.get(contactId);
    const next = { kept: dealt.get(contactId) ?? state.kept, held: who ? heldNow(who) : state.held };
    const sameView = JSON.stringify(consentView(state)) === JSON.stringify(consentView(next));
    const sameWho = !who || (sameHoldings(holdings, who.holdings) && mergedInto === who.mergedInto);
    // Of a contact with nothing recorded nobody was told, so nobody needs to hear that its identifiers changed.
    if (!sameView || (!sameWho && version > 0)) return apply<ConsentState, ConsentTold>(next, { type: 'consent.regrouped' });
    return sameKept(state.kept, next.kept) && sameHeld(state.held, next.held) ? skip('nothing_moved') : touch(next);
  }
}
