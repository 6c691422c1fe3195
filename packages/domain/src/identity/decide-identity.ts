import { type NumberChanged, type PersonIds, silenceOf } from '@keyturn/contracts';
import { apply, type Decision, skip, touch } from '../decision.ts';
import type { Lost, Resolved, Stored } from '../slice.ts';
import { covers } from './covers.ts';
import { factsOf, undecidedFact } from './identity-facts.ts';
import { type IdentityFact, type IdentityState, sameState, unite } from './identity-state.ts';
import type { IdentityTold } from './identity-told.ts';
import { changeOf } from './identity-view.ts';

/** A second key hash on one of our numbers, or a signal, blocks the contact until somebody decides. Any order and any repeats, same state. */
export function decideIdentity({ state }: Stored<IdentityState>, event: Resolved): Decision<IdentityState, IdentityTold> {
  const said = saidBy(event);
  return typeof said === 'string' ? skip(said) : take(state, said);
}

/** Why an event says nothing of who answers; null: it says something. */
export function idleForIdentity(event: Resolved): string | null {
  const said = saidBy(event);
  return typeof said === 'string' ? said : null;
}

function saidBy(event: Resolved): readonly IdentityFact[] | string {
  const silence = silenceOf(event);
  if (silence) return silence;
  if (event.type === 'number.changed' && isWhole(event)) return 'directory_signal'; // the directory tells it, of everybody whom it concerns
  const facts = event.type === 'number.changed' ? [undecidedFact(event)] : factsOf(event);
  return facts.length === 0 ? 'no_identity_signal' : facts;
}

/** Whether both ends of a change can be read. Where one can't, the directory learns of no change, so somebody has to look. */
const isWhole = ({ previous, current }: NumberChanged): boolean => [previous, current].every(isSomebody);
const isSomebody = ({ waId, bsuid, parentBsuid }: PersonIds): boolean => (waId ?? bsuid ?? parentBsuid) !== undefined;

/** After an event on which deciding failed: blocked, since what it would have said is unknown. Acknowledged like any. */
export const undecidedIdentity = ({ state }: Stored<IdentityState>, lost: Lost): Decision<IdentityState, IdentityTold> =>
  take(state, [undecidedFact(lost)]);

function take(state: IdentityState, facts: readonly IdentityFact[]): Decision<IdentityState, IdentityTold> {
  const fresh = uncovered(state, facts);
  if (fresh.length === 0) return skip('before_decision'); // webhooks may arrive late
  const next = join(state, fresh);
  const change = changeOf(state, next);
  if (change === 'none') return sameState(state, next) ? skip('seen_before') : touch(next);
  return apply(next, { type: change === 'other' ? 'identity.hash_learned' : change });
}

/** The state with these facts, but for those that a decision has seen. */
export const observe = (state: IdentityState, facts: readonly IdentityFact[]): IdentityState => join(state, uncovered(state, facts));

const join = ({ seen, decisions }: IdentityState, fresh: readonly IdentityFact[]): IdentityState => ({
  seen: unite(
    Object.values(seen),
    fresh.map((fact) => ({ ...fact, last: fact.at })),
  ),
  decisions,
});
const uncovered = ({ decisions }: IdentityState, facts: readonly IdentityFact[]) =>
  facts.filter((fact) => !Object.values(decisions).some((decision) => covers(decision, { ...fact, last: fact.at })));
