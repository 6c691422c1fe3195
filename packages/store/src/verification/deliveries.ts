import type { Verdict, VerificationChange } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** A request that is to be sent now. `attempt` counts from 1. */
export type ToDeliver = {
  readonly requestId: string;
  readonly attempt: number;
  readonly rule: string;
  readonly verdicts: readonly Verdict[];
  readonly change: VerificationChange;
  readonly requestedAt: string;
  readonly validUntil: string;
};
type Row = {
  request_id: string;
  attempts: number;
  rule: string;
  verdicts: Verdict[];
  change: VerificationChange;
  requested_at: Date;
  valid_until: Date;
};

/** Takes the next requests to an endpoint for this process, until `deadAt`: who has not said by then how it ended is taken to have ended itself, and the
 *  request is sent again. That an attempt is made is on record before it is. No two processes take one. */
export async function takeToDeliver(tx: Tx, endpoint: string, max: number, now: Date, deadAt: Date): Promise<ToDeliver[]> {
  const { rows } = await tx.query<Row>({
    name: 'verification.take',
    text: `with due as (
             select request_id from verification where endpoint = $1 and status = 'waiting' and next_attempt_at <= $3 and valid_until > $3
             order by next_attempt_at limit $2 for update skip locked
           ), taken as (
             update verification v set attempts = attempts + 1, next_attempt_at = $4 from due where v.request_id = due.request_id
             returning v.request_id, v.attempts, v.rule, v.verdicts, v.change, v.requested_at, v.valid_until
           ), begun as (
             insert into verification_delivery (request_id, attempt, started_at) select request_id, attempts, $3 from taken
           )
           select * from taken`,
    values: [endpoint, max, now, deadAt],
  });
  return rows.map(({ request_id, attempts, rule, verdicts, change, requested_at, valid_until }) => ({
    ...{ requestId: request_id, attempt: attempts, rule, verdicts, change },
    requestedAt: requested_at.toISOString(),
    validUntil: valid_until.toISOString(),
  }));
}

/** How an attempt ended. `nextAttemptAt`: when the next one is due; null: there is none, it was taken. */
export type Delivered = {
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly endedAt: Date;
  readonly nextAttemptAt: Date | null;
};

/** Records how an attempt ended. What was answered or superseded meanwhile stays so. */
export async function recordDelivery(
  tx: Tx,
  { requestId, attempt }: Pick<ToDeliver, 'requestId' | 'attempt'>,
  how: Delivered,
): Promise<void> {
  await tx.query({
    name: 'verification.record',
    text: `with ended as (
             update verification_delivery set ended_at = $3, outcome = $4, http_status = $5 where request_id = $1 and attempt = $2
           )
           update verification set status = case when $6::timestamptz is null then 'delivered' else status end,
             delivered_at = case when $6::timestamptz is null then $3 else delivered_at end, next_attempt_at = coalesce($6, next_attempt_at)
           where request_id = $1 and status = 'waiting' and ($6::timestamptz is null or attempts = $2)`,
    values: [requestId, attempt, how.endedAt, how.outcome, how.httpStatus, how.nextAttemptAt],
  });
}

/** Takes an attempt back that was not made. */
export async function undoDelivery(
  tx: Tx,
  { requestId, attempt }: Pick<ToDeliver, 'requestId' | 'attempt'>,
  nextAttemptAt: Date,
): Promise<void> {
  await tx.query({
    name: 'verification.undo',
    text: `with undone as (delete from verification_delivery where request_id = $1 and attempt = $2)
           update verification set attempts = attempts - 1, next_attempt_at = $3 where request_id = $1 and attempts = $2`,
    values: [requestId, attempt, nextAttemptAt],
  });
}

/** Ends what nobody answered in time; answers how many. It stays in the queue of whoever decides. */
export async function expireVerifications(tx: Tx, now: Date): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'verification.expire',
    text: `with expired as (
             update verification set status = 'expired' where request_id in (
               select request_id from verification where status in ('waiting', 'delivered') and valid_until <= $1
               order by valid_until limit 500 for update skip locked
             ) and status in ('waiting', 'delivered') returning contact_id
           )
           insert into open_change_due (contact_id) select contact_id from expired`,
    values: [now],
  });
  return rowCount ?? 0;
}

/** How many requests wait for each endpoint, and since when the oldest does; counted up to ten thousand. */
export async function waitingVerifications(tx: Tx): Promise<{ endpoint: string; waiting: number; oldest: Date }[]> {
  const { rows } = await tx.query<{ endpoint: string; waiting: number; oldest: Date }>({
    name: 'verification.waiting',
    text: `select endpoint, count(*)::int as waiting, min(requested_at) as oldest
           from (select endpoint, requested_at from verification where status = 'waiting' limit 10000) w group by endpoint`,
  });
  return rows;
}
