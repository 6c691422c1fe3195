import type { AcknowledgementJson } from '@keyturn/contracts';
import { type Acknowledge, acknowledge, identitySlice } from '@keyturn/domain';
import { saveFold } from '../consume/save-fold.ts';
import { identityConsumer } from '../consumers.ts';
import { transact } from '../database.ts';
import { startFold, take } from '../fold.ts';
import { requireSurvivor } from '../queries/survivor-of.ts';
import { identityRepository } from '../slices/identity-repository.ts';
import { undisturbed } from '../undisturbed.ts';
import { ATTEMPTS_MAX, answerOf, type DecideShell, refuse, refuseMerged, rowOf, saveDecision, whyOf } from './decision-parts.ts';
import { differentPerson } from './different-person.ts';

/** Decides on a change in one transaction: state, journal, outbox and the record of the decision commit together, and of two decisions on one
 *  version only one commits. A merged contact's survivor is decided on. Throws `contact.not_found`; `identity.conflict` with `reason`
 *  (`not_blocked`, `moved_on`, `nothing_to_split`) and the present `identity` in its detail; `store.…`. */
export function decide(shell: DecideShell, contactId: string, command: Acknowledge): Promise<AcknowledgementJson> {
  const work = command.verdict === 'same_person' ? samePerson : differentPerson;
  return undisturbed(ATTEMPTS_MAX, async () => work(shell, await requireSurvivor(shell.pool, contactId), command));
}

/** Locks the contact's identity row, and nothing else. */
function samePerson(
  { pool, along }: DecideShell,
  { contactId }: { contactId: string },
  command: Acknowledge,
): Promise<AcknowledgementJson> {
  return transact(pool, async (tx) => {
    const rows = await identityRepository.load(tx, [contactId]);
    await refuseMerged(tx, contactId);
    const stored = rowOf(rows, contactId);
    refuse(stored, command);
    const fold = startFold(rows);
    take(identitySlice, fold, contactId, acknowledge(stored, command, contactId), whyOf(command));
    await saveDecision(tx, contactId, command, null);
    await saveFold(tx, identityConsumer, fold, command.decidedAt);
    const answer = answerOf(contactId, command, rowOf(fold.rows, contactId));
    await along?.(tx, answer);
    return answer;
  });
}
