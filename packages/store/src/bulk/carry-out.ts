import { type AcknowledgementJson, AppError, BulkException, isRetryable, type Verdict } from '@keyturn/contracts';
import type pg from 'pg';
import { recordAudit } from '../audit/audit.ts';
import { type Tx, transact } from '../database.ts';
import { decide } from '../decide/decide.ts';
import type { BulkShell } from './rehearse-bulk.ts';

/** A change that this process has in hand. */
export type TakenRow = {
  readonly bulkId: string;
  readonly place: number;
  readonly contactId: string;
  readonly keyHash: string | null;
  readonly version: number;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly note: string | null;
  readonly evidenceUrl: string | null;
  readonly actor: string;
};

/** Whether any decision runs: by one look at an index, since there almost never is one. */
export async function isAnyRunning(tx: Tx): Promise<boolean> {
  const { rowCount } = await tx.query({ name: 'bulk.any_running', text: `select from bulk_decision where status = 'running' limit 1` });
  return rowCount !== 0;
}

/** Takes the next changes of decisions that run, for this process alone until `deadAt`: who has not decided by then is taken to have ended. */
export async function takeBulkRows(tx: Tx, max: number, now: Date, deadAt: Date): Promise<TakenRow[]> {
  const { rows } = await tx.query<TakenRow>({
    name: 'bulk.take',
    text: `with due as (
             select r.bulk_id, r.place from bulk_decision b join bulk_decision_row r using (bulk_id)
             where b.status = 'running' and r.outcome is null and (r.taken_until is null or r.taken_until <= $2)
             order by r.bulk_id, r.place limit $1 for update of r skip locked
           ), taken as (
             update bulk_decision_row r set taken_until = $3 from due where r.bulk_id = due.bulk_id and r.place = due.place
             returning r.bulk_id, r.place, r.contact_id, r.key_hash, r.version
           )
           select bulk_id as "bulkId", place, contact_id as "contactId", key_hash as "keyHash", version, verdict, reason, note, evidence_url as "evidenceUrl",
             started_by as actor
           from taken join bulk_decision using (bulk_id) order by bulk_id, place`,
    values: [max, now, deadAt],
  });
  return rows;
}

/** How a change ended; `later`: nothing is on record, and it comes again. */
export type CarriedOut = 'decided' | 'exception' | 'later';

/** Decides on one change as the dry run saw it, through the door of every decision: that it is decided and that its row says so commit together. Whatever is not
 *  as it was seen is an exception, never decided on. */
export async function carryOut(shell: BulkShell, row: TakenRow): Promise<CarriedOut> {
  const { contactId, keyHash, version, verdict, reason, note, evidenceUrl, actor } = row;
  const decidedAt = shell.now().toISOString();
  const more = { ...(note === null ? {} : { note }), ...(evidenceUrl === null ? {} : { evidenceUrl }) };
  const command = { decisionId: shell.newId(), keyHash, version, verdict, reason, ...more, actor, decidedAt };
  try {
    const along = (tx: Tx, made: AcknowledgementJson) => settle(tx, row, made);
    await decide({ pool: shell.pool, newContactId: shell.newId, along }, contactId, command);
    return 'decided';
  } catch (error) {
    if (error === notOurs || isRetryable(error)) return 'later';
    return (await settleException(shell.pool, row, exceptionOf(error), decidedAt)) ? 'exception' : 'later';
  }
}

function exceptionOf(error: unknown): BulkException {
  if (!(error instanceof AppError)) return 'failed';
  if (error.code === 'contact.not_found') return 'not_found';
  return BulkException.safeParse(error.detail.reason).data ?? 'failed';
}

/** Somebody else has the row, or the decision is over: what was being decided is taken back. */
const notOurs = new AppError('bulk_decision.conflict', 'the change is not this process’s to decide on any more');

/** Its survivor is another change, which nobody has seen. */
const mergedSince = new AppError('identity.conflict', 'the contact was merged since it was seen', { detail: { reason: 'moved_on' } });

/** With the decision: it commits only while the bulk decision runs, and nobody else has decided on the row. */
async function settle(
  tx: Tx,
  { bulkId, place, contactId }: TakenRow,
  { contactId: decidedOn, decision: { decisionId, newContactId, decidedAt } }: AcknowledgementJson,
): Promise<void> {
  if (contactId !== decidedOn && contactId !== newContactId) throw mergedSince;
  const running = await tx.query({
    name: 'bulk.is_running',
    text: `select from bulk_decision where bulk_id = $1 and status = 'running' for share`,
    values: [bulkId],
  });
  const { rowCount } = await tx.query({
    name: 'bulk.settle',
    text: `update bulk_decision_row set outcome = 'decided', decision_id = $3, new_contact_id = $4, decided_at = $5
           where bulk_id = $1 and place = $2 and outcome is null`,
    values: [bulkId, place, decisionId, newContactId ?? null, decidedAt],
  });
  if (running.rowCount !== 1 || rowCount !== 1) throw notOurs;
}

async function settleException(pool: pg.Pool, { bulkId, place }: TakenRow, reason: BulkException, at: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'bulk.settle_exception',
    text: `update bulk_decision_row set outcome = 'exception', reason = $3, decided_at = $4 where bulk_id = $1 and place = $2 and outcome is null`,
    values: [bulkId, place, reason, at],
  });
  return rowCount === 1;
}

/** Gives changes back that come again. */
export async function giveBack(tx: Tx, rows: readonly TakenRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: 'bulk.give_back',
    text: `update bulk_decision_row r set taken_until = null from unnest($1::uuid[], $2::int[]) as t(bulk_id, place)
           where r.bulk_id = t.bulk_id and r.place = t.place and r.outcome is null`,
    values: [rows.map(({ bulkId }) => bulkId), rows.map(({ place }) => place)],
  });
}

/** Ends what has no change left that waits, with an entry in the audit log; answers how many. */
export const endBulks = ({ pool, now, newId }: BulkShell): Promise<number> =>
  transact(pool, async (tx) => {
    const { rows } = await tx.query<{ bulk_id: string; actor: string }>({
      name: 'bulk.end',
      text: `update bulk_decision b set status = 'done', ended_at = $1
             where status = 'running' and not exists (select from bulk_decision_row r where r.bulk_id = b.bulk_id and r.outcome is null)
             returning bulk_id, started_by as actor`,
      values: [now()],
    });
    for (const { bulk_id, actor } of rows) {
      const entry = {
        phase: 'done',
        requestId: newId(),
        actor,
        action: 'bulkDecisionDone',
        subject: `bulk:${bulk_id}`,
        status: 200,
      } as const;
      await recordAudit(tx, entry, now());
    }
    return rows.length;
  });

/** Throws away dry runs that expired a day ago and that nobody ran. */
export async function forgetBulks(tx: Tx, now: Date): Promise<void> {
  await tx.query({
    name: 'bulk.forget',
    text: `with old as (delete from bulk_decision where status = 'ready' and expires_at < $1::timestamptz - interval '1 day' returning bulk_id)
           delete from bulk_decision_row r using old where r.bulk_id = old.bulk_id`,
    values: [now],
  });
}
