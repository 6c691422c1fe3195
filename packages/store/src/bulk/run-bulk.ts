import { AppError, type BulkDecisionJson } from '@keyturn/contracts';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';
import { tokenHash } from '../tokens.ts';
import { readBulk } from './read-bulk.ts';

const conflicts = {
  wrong_token: 'This token is not the one of this dry run. Make another dry run, and run that by its own token.',
  expired: 'The dry run is too old to be run: what it saw may have moved on. Make another one.',
  cancelled: 'This decision was cancelled. Make another dry run of what is left.',
  done: 'This decision is done, so there is nothing left to cancel. Its rows say what became of each change.',
};
const conflict = (reason: keyof typeof conflicts): AppError =>
  new AppError('bulk_decision.conflict', conflicts[reason], { detail: { reason } });
/** That no bulk decision has an id. */
export const bulkNotFound = (): AppError =>
  new AppError('bulk_decision.not_found', 'No bulk decision has this id. GET /v1/bulk-decisions lists them.');

/** Lets a dry run be carried out, in the name of this actor. Once more by the same token it changes nothing. Throws `bulk_decision.not_found`;
 *  `bulk_decision.conflict` with the `reason` (`wrong_token`, `expired`, `cancelled`). */
export const runBulk = (pool: pg.Pool, bulkId: string, token: string, actor: string, now: Date): Promise<BulkDecisionJson> =>
  transact(pool, async (tx) => {
    const bulk = await locked(tx, bulkId);
    if (!bulk.token_hash.equals(tokenHash(token))) throw conflict('wrong_token');
    if (bulk.status === 'cancelled') throw conflict('cancelled');
    if (bulk.status === 'ready') {
      if (bulk.expires_at <= now) throw conflict('expired');
      await tx.query(`update bulk_decision set status = 'running', started_by = $2, started_at = $3 where bulk_id = $1`, [
        bulkId,
        actor,
        now,
      ]);
    }
    return (await readBulk(tx, bulkId, now)) as BulkDecisionJson;
  });

/** Ends it: when this is answered, no decision of it is taken any more. Once more changes nothing. Throws `bulk_decision.not_found`; `bulk_decision.conflict`
 *  where it is done. */
export const cancelBulk = (pool: pg.Pool, bulkId: string, actor: string, now: Date): Promise<BulkDecisionJson> =>
  transact(pool, async (tx) => {
    const { status } = await locked(tx, bulkId); // waits for decisions that are being taken
    if (status === 'done') throw conflict('done');
    if (status !== 'cancelled')
      await tx.query(`update bulk_decision set status = 'cancelled', cancelled_by = $2, ended_at = $3 where bulk_id = $1`, [
        bulkId,
        actor,
        now,
      ]);
    return (await readBulk(tx, bulkId, now)) as BulkDecisionJson;
  });

type Locked = { status: string; token_hash: Buffer; expires_at: Date };
async function locked(tx: Tx, bulkId: string): Promise<Locked> {
  const { rows } = await tx.query<Locked>('select status, token_hash, expires_at from bulk_decision where bulk_id = $1 for update', [
    bulkId,
  ]);
  if (rows[0] === undefined) throw bulkNotFound();
  return rows[0];
}
