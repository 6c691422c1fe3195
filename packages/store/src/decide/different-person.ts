import type { AcknowledgementJson } from '@keyturn/contracts';
import {
  type Acknowledge,
  acknowledge,
  type Decision,
  decideDifferent,
  type IdentityState,
  type IdentityTold,
  identitySlice,
  type Stored,
  splitOf,
  type Whereabouts,
} from '@keyturn/domain';
import { saveFold } from '../consume/save-fold.ts';
import { identityConsumer } from '../consumers.ts';
import { transact } from '../database.ts';
import { whereabouts } from '../directory/whereabouts.ts';
import { startFold, take } from '../fold.ts';
import { readIdentity } from '../queries/read-identity.ts';
import { identityRepository } from '../slices/identity-repository.ts';
import {
  answerOf,
  changedMeanwhile,
  conflict,
  type DecideShell,
  refuse,
  refuseMerged,
  rowOf,
  saveDecision,
  whyOf,
} from './decision-parts.ts';
import { type Sides, splitDirectory } from './split-directory.ts';

/** Somebody else: the directory is split and both identity rows follow in one transaction. The directory comes first (its lock, then contact rows),
 *  then identity rows: the order that everybody keeps. What was read before the locks is looked at again under them. */
export async function differentPerson(
  { pool, newContactId, along }: DecideShell,
  { contactId, scope }: { contactId: string; scope: string },
  command: Acknowledge,
): Promise<AcknowledgementJson> {
  const seen = await readIdentity(pool, contactId);
  refuse(seen, command);
  const split = splitOf(seen);
  if (split === null) throw conflict('nothing_to_split', seen);
  const why = whyOf(command);
  return transact(pool, async (tx) => {
    const splitting = { ...split, ...why, contactId, scope, now: new Date(command.decidedAt), newContactId };
    const sides = await splitDirectory(tx, splitting);
    if (sides === null) throw conflict('nothing_to_split', seen);
    const rows = await identityRepository.load(tx, [...new Set([sides.old, sides.new])].sort());
    await refuseMerged(tx, contactId);
    const stored = rowOf(rows, contactId);
    refuse(stored, command);
    if (JSON.stringify(splitOf(stored)) !== JSON.stringify(split)) throw changedMeanwhile();
    const where = await whereabouts(tx, scope, [...rows.keys()], []);
    const fold = startFold(rows);
    for (const [id, decision] of decisionsOn(rows, where, contactId, sides, command)) take(identitySlice, fold, id, decision, why);
    await saveDecision(tx, sides.old, command, sides.new);
    await saveFold(tx, identityConsumer, fold, command.decidedAt, where.who);
    const answer = answerOf(sides.old, command, rowOf(fold.rows, sides.old), sides.new);
    await along?.(tx, answer);
    return answer;
  });
}

/** Where the contact's id went with the new person, what was decided on is the old one's, under its other id. */
function decisionsOn(
  rows: ReadonlyMap<string, Stored<IdentityState>>,
  where: Whereabouts,
  contactId: string,
  sides: Sides,
  command: Acknowledge,
): ReadonlyMap<string, Decision<IdentityState, IdentityTold>> {
  const stored = rowOf(rows, contactId);
  if (sides.old === sides.new) return new Map([[contactId, acknowledge(stored, command, contactId)]]);
  if (sides.old === contactId) return decideDifferent(rows, where, sides.old, sides.new, command);
  const exchanged = { ...stored, state: rowOf(rows, sides.old).state };
  const before = new Map([[sides.old, stored] as const, [sides.new, exchanged] as const]);
  return decideDifferent(before, where, sides.old, sides.new, command);
}
