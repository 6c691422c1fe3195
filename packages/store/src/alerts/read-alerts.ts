import type { AlertDeliveryJson, AlertJson, AlertMessage } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { type AlertRow, toAlertJson } from './alert-rows.ts';

/** Alerts, the newest first, from before one on (null: from the newest). `all`: also what is over. */
export async function listAlerts(tx: Tx, all: boolean, limit: number, before: string | null): Promise<AlertJson[]> {
  const { rows } = await tx.query<AlertRow>(
    `select * from alert where ${all ? 'true' : `status <> 'resolved'`} and ($2::uuid is null or alert_id < $2) order by alert_id desc limit $1`,
    [limit, before],
  );
  return rows.map(toAlertJson);
}

type DeliveryRow = {
  delivery_id: string;
  alert_id: string | null;
  route: string;
  message: AlertMessage;
  status: AlertDeliveryJson['status'];
  created_at: Date;
  attempts: number;
  next_attempt_at: Date;
  last: { started_at: string; ended_at: string | null; outcome: string | null; http_status: number | null; answer: string | null } | null;
};
/** Which deliveries are asked for. */
export type DeliveriesWanted = { readonly route?: string | undefined; readonly alertId?: string | undefined; readonly deliveryId?: string };

/** Deliveries, the newest first, from before one on (null: from the newest). */
export async function listAlertDeliveries(
  tx: Tx,
  { route, alertId, deliveryId }: DeliveriesWanted,
  limit: number,
  before: string | null,
): Promise<AlertDeliveryJson[]> {
  const { rows } = await tx.query<DeliveryRow>(
    `select d.*, to_jsonb(l) as last from alert_delivery d left join lateral (
       select started_at, ended_at, outcome, http_status, answer from alert_delivery_attempt a where a.delivery_id = d.delivery_id order by attempt desc limit 1
     ) l on true
     where ($2::text is null or d.route = $2) and ($3::uuid is null or d.alert_id = $3) and ($4::uuid is null or d.delivery_id = $4)
       and ($5::uuid is null or d.delivery_id < $5) order by d.delivery_id desc limit $1`,
    [limit, route ?? null, alertId ?? null, deliveryId ?? null, before],
  );
  return rows.map(toJson);
}

const instant = (at: string | null) => (at === null ? null : new Date(at).toISOString());
const toJson = ({ last, ...row }: DeliveryRow): AlertDeliveryJson => ({
  ...{ deliveryId: row.delivery_id, alertId: row.alert_id, route: row.route, message: row.message.message, status: row.status },
  ...{ createdAt: row.created_at.toISOString(), attempts: row.attempts },
  nextAttemptAt: row.status === 'waiting' ? row.next_attempt_at.toISOString() : null,
  lastAttempt:
    last === null
      ? null
      : {
          ...{ startedAt: new Date(last.started_at).toISOString(), endedAt: instant(last.ended_at) },
          ...{ outcome: last.outcome, httpStatus: last.http_status, answer: last.answer },
        },
});
