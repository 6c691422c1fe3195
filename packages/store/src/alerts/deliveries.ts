import type { AlertMessage } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** A message that is to be sent now. `repeat`: an attempt before may have been taken. `attempt` counts from 1. */
export type AlertToDeliver = {
  readonly deliveryId: string;
  readonly alertId: string | null;
  readonly route: string;
  readonly message: AlertMessage;
  readonly attempt: number;
  readonly repeat: boolean;
};
type Row = { delivery_id: string; alert_id: string | null; route: string; message: AlertMessage; attempts: number; unsure: number };

/** The routes that have something to take now and have not just failed. */
export async function routesToServe(tx: Tx, at: Date): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>({
    name: 'alerts.routes-to-serve',
    text: `select name from alert_route r where (retry_at is null or retry_at <= $1) and exists (
             select from alert_delivery d where d.route = r.name and d.status = 'waiting' and d.next_attempt_at <= $1)`,
    values: [at],
  });
  return rows.map(({ name }) => name);
}

/** Takes the next message of a route for this process, until `deadAt`: who has not said by then how it ended is taken to have ended itself. That an attempt is made
 *  is on record before it is, and of one alert a message waits for the one before. Where it is not known of two attempts whether they were taken, because whoever made
 *  them was killed, there is no third, unless the receiver knows a repetition for one (`repeatable`). */
export async function takeAlertToDeliver(
  tx: Tx,
  route: string,
  { at, deadAt, repeatable }: { readonly at: Date; readonly deadAt: Date; readonly repeatable: boolean },
): Promise<AlertToDeliver | null> {
  const { rows } = await tx.query<Row>({
    name: 'alerts.take-delivery',
    text: `with spent as (
             update alert_delivery set status = 'given_up', is_under_way = false
             where route = $1 and status = 'waiting' and is_under_way and killed > 0 and next_attempt_at <= $2 and not $4
             returning delivery_id
           ), due as (
             select d.delivery_id from alert_delivery d
             where d.route = $1 and d.status = 'waiting' and d.next_attempt_at <= $2 and not exists (select from spent s where s.delivery_id = d.delivery_id)
               and not exists (select from alert_delivery e where e.alert_id = d.alert_id and e.route = d.route and e.status = 'waiting'
                 and e.delivery_id < d.delivery_id)
             order by d.delivery_id limit 1 for update skip locked
           ), taken as (
             update alert_delivery d set attempts = attempts + 1, is_under_way = true, next_attempt_at = $3,
               unsure = unsure + case when is_under_way then 1 else 0 end, killed = killed + case when is_under_way then 1 else 0 end
             from due where d.delivery_id = due.delivery_id
             returning d.delivery_id, d.alert_id, d.route, d.message, d.attempts, d.unsure
           ), begun as (
             insert into alert_delivery_attempt (delivery_id, attempt, started_at) select delivery_id, attempts, $2 from taken
           )
           select * from taken`,
    values: [route, at, deadAt, repeatable],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const { delivery_id, alert_id, message, attempts, unsure } = row;
  return { deliveryId: delivery_id, alertId: alert_id, route: row.route, message, attempt: attempts, repeat: unsure > 0 };
}

/** Puts a test of a route on record as under way: whoever calls sends it. */
export async function beginTest(
  tx: Tx,
  {
    route,
    message,
    deliveryId,
    at,
    deadAt,
  }: { readonly route: string; readonly message: AlertMessage; readonly deliveryId: string; readonly at: Date; readonly deadAt: Date },
): Promise<AlertToDeliver> {
  await tx.query(
    `with begun as (insert into alert_delivery_attempt (delivery_id, attempt, started_at) values ($1, 1, $4))
     insert into alert_delivery (delivery_id, route, message, created_at, attempts, next_attempt_at, is_under_way) values ($1, $2, $3, $4, 1, $5, true)`,
    [deliveryId, route, JSON.stringify(message), at, deadAt],
  );
  return { deliveryId, alertId: null, route, message, attempt: 1, repeat: false };
}

/** How an attempt ended. `nextAttemptAt`: when the next one is due; null: there is none, it was taken, or refused for good. */
export type AlertDelivered = {
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly answer: string | null;
  readonly isTaken: boolean;
  /** It may have been taken though nobody said so. */
  readonly isUnsure: boolean;
  readonly endedAt: Date;
  readonly nextAttemptAt: Date | null;
};

/** Records how an attempt ended, and how the route fares. */
export async function recordAlertDelivery(
  tx: Tx,
  { deliveryId, attempt, route }: Pick<AlertToDeliver, 'deliveryId' | 'attempt' | 'route'>,
  how: AlertDelivered,
): Promise<void> {
  await tx.query({
    name: 'alerts.record',
    text: `with ended as (
             update alert_delivery_attempt set ended_at = $3, outcome = $4, http_status = $5, answer = $6 where delivery_id = $1 and attempt = $2
           ), fares as (
             update alert_route set last_attempt_at = $3, last_outcome = $4, last_http_status = $5, last_answer = $6, retry_at = $9,
               failures = case when $7 then 0 else failures + 1 end, failing_since = case when $7 then null else coalesce(failing_since, $3) end,
               last_delivered_at = case when $7 then $3 else last_delivered_at end
             where name = $10
           )
           update alert_delivery set is_under_way = false, unsure = unsure + case when $8 then 1 else 0 end, next_attempt_at = coalesce($9, next_attempt_at),
             status = case when $7 then 'delivered' when $9::timestamptz is null then 'refused' else status end,
             delivered_at = case when $7 then $3 else delivered_at end
           where delivery_id = $1 and status = 'waiting' and ($7 or attempts = $2)`,
    values: [
      ...[deliveryId, attempt, how.endedAt, how.outcome, how.httpStatus, how.answer, how.isTaken, how.isUnsure, how.nextAttemptAt, route],
    ],
  });
}

/** Gives up what no route has taken for a day, and forgets what has been over for long: some at a time. Of an alert that lasts longer all stays, since whoever was told of it is to
 *  hear that it is over. Answers how many were given up. */
export async function upkeepAlerts(tx: Tx, at: Date, keptDays: number): Promise<number> {
  const { rowCount } = await tx.query(
    `update alert_delivery set status = 'given_up' where delivery_id in (
       select delivery_id from alert_delivery where status = 'waiting' and not is_under_way and created_at < $1::timestamptz - interval '1 day'
       limit 500 for update skip locked)`,
    [at],
  );
  const old = [at, keptDays];
  await tx.query(
    `with gone as (delete from alert_delivery where delivery_id in (
       select delivery_id from alert_delivery d where created_at < $1::timestamptz - make_interval(days => $2)
         and not exists (select from alert a where a.alert_id = d.alert_id and a.status <> 'resolved') limit 500 for update skip locked) returning delivery_id)
     delete from alert_delivery_attempt where delivery_id in (select delivery_id from gone)`,
    old,
  );
  await tx.query(
    `delete from alert where alert_id in (
       select alert_id from alert where resolved_at < $1::timestamptz - make_interval(days => $2) limit 500 for update skip locked)`,
    old,
  );
  return rowCount ?? 0;
}
