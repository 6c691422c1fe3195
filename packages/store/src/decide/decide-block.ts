import { AppError, type BlockDecision, type BusinessBlockJson } from '@keyturn/contracts';
import {
  type ContactState,
  type ContactTold,
  contactSlice,
  type Decision,
  type Identifier,
  liftBlock,
  placeOf,
  type Seen,
  type Stored,
  setBlock,
  type Who,
} from '@keyturn/domain';
import type pg from 'pg';
import { saveFold } from '../consume/save-fold.ts';
import { contactConsumer } from '../consumers.ts';
import { type Tx, transact } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { startFold, take } from '../fold.ts';
import { requireSurvivor } from '../queries/survivor-of.ts';
import { contactRepository } from '../slices/contact-repository.ts';
import { undisturbed } from '../undisturbed.ts';
import { ATTEMPTS_MAX, refuseMerged } from './decision-parts.ts';

/** Blocks a person by choice, or lifts that, in one transaction: state, journal and outbox commit together. A merged contact's survivor is decided on.
 *  Setting it again for the same reason changes nothing. Throws `contact.not_found`; `business_block.conflict` with `reason` (`not_blocked`, `holds_nothing`) where there is nothing
 *  to lift, or nobody to block; `store.…`. */
export const decideBlock = (
  pool: pg.Pool,
  contactId: string,
  action: 'set' | 'lift',
  decision: BlockDecision,
): Promise<BusinessBlockJson> =>
  undisturbed(ATTEMPTS_MAX, async () => {
    const here = await requireSurvivor(pool, contactId);
    return transact(pool, (tx) => decideIn(tx, here.contactId, action, decision));
  });

/** Locks the contact's slice. What the directory moves meanwhile moves the version, so that this starts over. */
async function decideIn(tx: Tx, contactId: string, action: 'set' | 'lift', decision: BlockDecision): Promise<BusinessBlockJson> {
  const rows = await contactRepository.load(tx, [contactId]);
  await refuseMerged(tx, contactId);
  const stored = rows.get(contactId);
  if (stored === undefined) throw new TypeError('a contact row was locked and is not there');
  const who = await whoAre(tx, [contactId]);
  const decided = action === 'lift' ? liftBlock(stored.state, decision) : await setIn(tx, stored, who.get(contactId), decision);
  if (decided.kind === 'skip' && decided.reason !== 'blocked_already') throw conflict(decided.reason);
  const fold = startFold<ContactState, ContactTold>(rows);
  const why = { cause: { actor: decision.actor, reason: decision.reason }, occurredAt: decision.decidedAt };
  take(contactSlice, fold, contactId, decided, why);
  await saveFold(tx, contactConsumer, fold, decision.decidedAt, who);
  const { state, version } = fold.rows.get(contactId) as Stored<ContactState>;
  return { contactId, businessBlock: contactSlice.view(state, version).businessBlock ?? null };
}

async function setIn(
  tx: Tx,
  { state }: Stored<ContactState>,
  who: Who | undefined,
  decision: BlockDecision,
): Promise<Decision<ContactState, ContactTold>> {
  const place = who === undefined ? null : placeOf(who.holdings, await seenUnder(tx, who));
  if (place === null) throw conflict('holds_nothing');
  return setBlock(state, decision, place);
}

/** When each head that a contact holds was seen. */
async function seenUnder(tx: Tx, { scope, holdings }: Who): Promise<Seen[]> {
  const { rows } = await tx.query<{ head: Identifier; first: number; last: number }>({
    name: 'directory.seen_under',
    text: `select head, date_part('epoch', first) as first, date_part('epoch', last) as last from directory_link
           where scope = $1 and head = any($2::text[])`,
    values: [scope, [...new Set(holdings.map(({ identifier }) => identifier))]],
  });
  return rows;
}

const conflicts = {
  not_blocked: 'This contact is not blocked by choice, so there is nothing to lift.',
  holds_nothing: 'This contact has no number and no id, now or before, so nobody could be known to be blocked. Search for the person.',
};
const conflict = (reason: string): AppError =>
  new AppError('business_block.conflict', conflicts[reason as keyof typeof conflicts], {
    detail: { reason, ...(reason === 'not_blocked' ? { businessBlock: null } : {}) },
  });
