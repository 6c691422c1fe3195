import type { DecisionRecord } from '@keyturn/contracts';
import { apply, type Decision, skip } from '../decision.ts';
import { secondOf } from '../seconds.ts';
import type { Holding, Stored } from '../slice.ts';
import type { IdentityState } from './identity-state.ts';
import type { IdentityTold } from './identity-told.ts';
import { identityView } from './identity-view.ts';
import { release, type Settlement } from './release.ts';

/** A decision of somebody entitled, on exactly what they saw: `keyHash` and `version` as the API showed them. */
export type Acknowledge = Omit<DecisionRecord, 'newContactId'> & { readonly keyHash: string | null; readonly version: number };

/** The same person: released from exactly what was seen. `not_blocked` or `moved_on` where there is nothing to decide, or more than was seen. */
export function acknowledge(stored: Stored<IdentityState>, command: Acknowledge, contactId: string): Decision<IdentityState, IdentityTold> {
  const refused = refusal(stored, command);
  if (refused !== undefined) return skip(refused);
  const next = release(stored.state, settlementOf(command, contactId, stored.holdings));
  return apply(next, { type: 'identity.acknowledged', fields: { decision: recordOf(command) } });
}

/** Why a decision can't be taken now (409, with the present state), whatever its verdict; undefined: it can. */
export function refusal({ state, version }: Stored<IdentityState>, command: Acknowledge): 'not_blocked' | 'moved_on' | undefined {
  const now = identityView(state, version);
  if (now.status !== 'blocked') return 'not_blocked';
  return now.version === command.version && now.keyHash === command.keyHash ? undefined : 'moved_on';
}

/** A decision in a contact, on the identifiers that it has had. */
export const settlementOf = ({ decisionId, decidedAt }: Acknowledge, home: string, holdings: readonly Holding[]): Settlement => ({
  decisionId,
  home,
  of: [...new Set(holdings.map(({ identifier }) => identifier))],
  decidedAt: secondOf(decidedAt),
});

/** What is kept and told of a decision: who, why and on what proof. */
export function recordOf({ keyHash: _keyHash, version: _version, ...record }: Acknowledge, newContactId?: string): DecisionRecord {
  return newContactId === undefined ? record : { ...record, newContactId };
}
