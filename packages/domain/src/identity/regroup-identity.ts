import { apply, type Decision, touch } from '../decision.ts';
import { type Stored, sameHoldings, type Whereabouts, type Who } from '../slice.ts';
import { deal, type Rows } from './deal.ts';
import { type IdentityState, sameState } from './identity-state.ts';
import type { IdentityTold } from './identity-told.ts';
import { changeOf } from './identity-view.ts';

/** All rows as the directory has it now, those that change. It needs no history of moves: any order of directory events, any repeats, same states. */
export function regroupIdentity(rows: Rows, where: Whereabouts): ReadonlyMap<string, Decision<IdentityState, IdentityTold>> {
  const dealt = deal(rows, where);
  return new Map(
    [...rows].flatMap(([contactId, stored]) => {
      const decision = regrouped(stored, dealt.get(contactId) ?? stored.state, where.who.get(contactId));
      return decision ? [[contactId, decision] as const] : [];
    }),
  );
}

function regrouped(
  stored: Stored<IdentityState>,
  next: IdentityState,
  who: Who | undefined,
): Decision<IdentityState, IdentityTold> | undefined {
  const change = changeOf(stored.state, next);
  if (change === 'identity.blocked' || change === 'identity.evidence_changed') return apply(next, { type: change });
  const moved = who !== undefined && (who.mergedInto !== stored.mergedInto || !sameHoldings(who.holdings, stored.holdings));
  if (change === 'other' || moved) return apply(next, { type: 'identity.regrouped' });
  return sameState(stored.state, next) ? undefined : touch(next);
}
