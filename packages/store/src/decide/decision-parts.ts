import { type AcknowledgementJson, AppError, type Cause } from '@keyturn/contracts';
import { type Acknowledge, type IdentityState, identitySlice, refusal, type Stored } from '@keyturn/domain';
import type pg from 'pg';
import type { Tx } from '../database.ts';
import { survivorOf } from '../queries/survivor-of.ts';

/** What a decision needs from the world. */
export type DecideShell = {
  readonly pool: pg.Pool;
  readonly newContactId: () => string;
  /** Writes what is to commit with the decision; what it throws takes the decision back. */
  readonly along?: (tx: Tx, answer: AcknowledgementJson) => Promise<void>;
};

/** How often a decision is begun anew that others were in the way of. */
export const ATTEMPTS_MAX = 5;

/** The locked row of a contact. */
export function rowOf(rows: ReadonlyMap<string, Stored<IdentityState>>, contactId: string): Stored<IdentityState> {
  const row = rows.get(contactId);
  if (row === undefined) throw new TypeError('an identity row was locked and is not there');
  return row;
}

const conflicts = {
  not_blocked: 'This contact is not blocked, so there is nothing to decide. Its state now is under identity.',
  moved_on: 'Something newer came in than this decision has seen. Look at identity, and decide on its keyHash and version.',
  nothing_to_split:
    'At the time of the change this contact had no number and no id of its own that could be given to another person. Once its latest number change has come in, look again; if it is the same person, acknowledge as same_person.',
};
/** A decision that can't be taken, with the state as it is. */
export const conflict = (reason: keyof typeof conflicts, { state, version }: Stored<IdentityState>): AppError =>
  new AppError('identity.conflict', conflicts[reason], { detail: { reason, identity: identitySlice.view(state, version) } });

/** Throws `identity.conflict` where the decision has not seen what there is now. */
export function refuse(stored: Stored<IdentityState>, command: Acknowledge): void {
  const reason = refusal(stored, command);
  if (reason !== undefined) throw conflict(reason, stored);
}

/** What was read before the locks is no longer so: to be started over. */
export const changedMeanwhile = (): AppError => new AppError('store.conflict', 'the contact changed while its rows were locked');

/** Throws `store.conflict` where the contact was merged meanwhile: its survivor is to be decided on. */
export async function refuseMerged(tx: Tx, contactId: string): Promise<void> {
  if ((await survivorOf(tx, contactId))?.contactId !== contactId) throw changedMeanwhile();
}

/** Why everything that follows from a decision happened, and when. */
export const whyOf = ({ actor, reason, decidedAt }: Acknowledge): { cause: Cause; occurredAt: string } => ({
  cause: { actor, reason },
  occurredAt: decidedAt,
});

/** What a decision made of the contact, for whoever decided. */
export function answerOf(
  contactId: string,
  command: Acknowledge,
  after: Stored<IdentityState>,
  newContactId?: string,
): AcknowledgementJson {
  const { keyHash: _keyHash, version: _version, ...decision } = command;
  return {
    contactId,
    decision: newContactId === undefined ? decision : { ...decision, newContactId },
    identity: identitySlice.view(after.state, after.version),
  };
}

/** Records what somebody decided, as they decided it. */
export async function saveDecision(tx: Tx, contactId: string, command: Acknowledge, newContactId: string | null): Promise<void> {
  const { decisionId, verdict, keyHash, version, reason, note, evidenceUrl, proof, actor, decidedAt } = command;
  await tx.query({
    name: 'identity.decision',
    text: `insert into identity_decision
             (decision_id, contact_id, verdict, key_hash, version, reason, note, evidence_url, proof, actor, decided_at, new_contact_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      ...[decisionId, contactId, verdict, keyHash, version, reason, note ?? null, evidenceUrl ?? null],
      ...[proof === undefined ? null : JSON.stringify(proof), actor, decidedAt, newContactId],
    ],
  });
}
