import type { Cause, ConsentFact, ConsentRecordedJson } from '@keyturn/contracts';
import { type ConsentState, type ConsentTold, consentSlice, recordConsent, type Stored } from '@keyturn/domain';
import type pg from 'pg';
import { saveFold } from '../consume/save-fold.ts';
import { consentConsumer } from '../consumers.ts';
import { type Tx, transact } from '../database.ts';
import { changedMeanwhile } from '../decide/decision-parts.ts';
import { hasMoved, type ScopedPoint } from '../directory/holders-now.ts';
import { holdScopes } from '../directory/waba-scopes.ts';
import { startFold, take } from '../fold.ts';
import { consentRepository } from '../slices/consent-repository.ts';
import { undisturbed } from '../undisturbed.ts';
import { factIdOf } from './fact-id.ts';

/** What somebody stated, and whom it is about: who held the identifier when it was said. `on`: the number of ours that it was said to. */
export type PlacedConsent = ScopedPoint & { readonly contactId: string; readonly on: string | null; readonly fact: ConsentFact };
/** Who records it, when, and by which scopes of which WABAs it was placed. */
export type Recording = { readonly actor: string; readonly now: Date; readonly believed?: ReadonlyMap<string, string> };

const ATTEMPTS_MAX = 5;
const IN_THE_WAY = ['store.conflict', 'batch.contact_moved'] as const;

/** Records what `place` answers in one transaction, all or nothing: ledger, state, journal and outbox commit together, each fact once however often it
 *  is stated. Whoever became somebody else meanwhile is looked up again. Throws what `place` throws, and `store.…`. */
export function recordPlaced(
  pool: pg.Pool,
  place: () => Promise<{ readonly placed: readonly PlacedConsent[] } & Recording>,
): Promise<ConsentRecordedJson[]> {
  const attempt = async () => {
    const { placed, ...recording } = await place();
    return transact(pool, (tx) => recordIn(tx, pool, placed, recording));
  };
  return undisturbed(ATTEMPTS_MAX, attempt, IN_THE_WAY);
}

/** Locks what the consent consumer locks, in its order. */
async function recordIn(tx: Tx, pool: pg.Pool, placed: readonly PlacedConsent[], recording: Recording): Promise<ConsentRecordedJson[]> {
  const { actor, now, believed } = recording;
  if (believed !== undefined) await holdScopes(tx, pool, believed);
  const rows = await consentRepository.load(tx, [...new Set(placed.map(({ contactId }) => contactId))].sort());
  if (await hasMoved(tx, placed)) throw changedMeanwhile();
  const fold = startFold<ConsentState, ConsentTold>(rows);
  const outcomes = placed.map(({ contactId, identifier, on, fact }) => {
    const stored = rowOf(fold.rows, contactId);
    const decision = recordConsent(stored, { factId: factIdOf(identifier, fact), as: identifier, on, fact });
    const cause: Cause = { actor, reason: fact.source };
    return take(consentSlice, fold, contactId, decision, { cause, occurredAt: fact.occurredAt }) === 'applied' ? 'recorded' : 'unchanged';
  });
  await saveFold(tx, consentConsumer, fold, now.toISOString());
  return placed.map(({ contactId }, i) => {
    const { state, version } = rowOf(fold.rows, contactId);
    return { contactId, outcome: outcomes[i] ?? 'unchanged', consent: consentSlice.view(state, version) };
  });
}

function rowOf(rows: ReadonlyMap<string, Stored<ConsentState>>, contactId: string): Stored<ConsentState> {
  const row = rows.get(contactId);
  if (row === undefined) throw new TypeError('a consent row was locked and is not there');
  return row;
}
