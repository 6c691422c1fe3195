import { after, decision, message, row, someone } from '@keyturn/testkit/identity-stories';
import type { Resolved } from '../slice.ts';
import { acknowledge } from './acknowledge.ts';
import { identitySlice } from './identity-slice.ts';
import { type IdentityState, nothingSeen } from './identity-state.ts';
import { identityView } from './identity-view.ts';

/** A message under this hash, on a number of ours. */
export const hash = (identityKeyHash: string, at: number, on = 'P1') => message({ identityKeyHash, at, on });
/** What is known after these events. */
export const fold = (events: readonly Resolved[], state: IdentityState = nothingSeen) =>
  events.reduce((next, event) => after(next, identitySlice.decide(row(next), event)), state);
/** After these events, and somebody who released exactly what they left. */
export const acknowledged = (events: readonly Resolved[]) => released(fold(events), identityView(fold(events), 1).keyHash);
/** Released by whoever named this hash, ten minutes after the epoch. */
export const released = (state: IdentityState, keyHash: string | null) =>
  after(state, acknowledge(row(state), decision({ keyHash, decidedAt: '1970-01-01T00:10:00.000Z' }), someone));
/** `told …`, `touch`, or why it was skipped. */
export const outcome = (state: IdentityState, event: Resolved) => {
  const answer = identitySlice.decide(row(state), event);
  return answer.kind === 'apply' ? `told ${answer.told.map(({ type }) => type)}` : answer.kind === 'touch' ? 'touch' : answer.reason;
};
