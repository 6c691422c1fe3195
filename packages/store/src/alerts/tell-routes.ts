import type { AlertMessage } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** Who makes ids, and when it is. */
export type Enqueuing = { readonly newId: () => string; readonly at: Date };

/** Has a message told by these routes, after what they are still to take of the same alert; news that it replaces is told no more. In the transaction of what it
 *  tells. */
export async function tellRoutes(tx: Tx, routes: readonly string[], message: AlertMessage, { newId, at }: Enqueuing): Promise<void> {
  const to = [...new Set(routes)];
  if (to.length === 0) return;
  await tx.query(
    `update alert_delivery set status = 'superseded' where alert_id = $1 and route = any($2::text[]) and status = 'waiting' and unsure = 0
       and not is_under_way and message->>'message' = 'updated'`,
    [message.alertId, to],
  );
  await tx.query({
    name: 'alerts.enqueue',
    text: `insert into alert_delivery (delivery_id, alert_id, route, message, created_at, next_attempt_at)
           select delivery_id, $3, route, $4, $5, $5 from unnest($1::uuid[], $2::text[]) as d(delivery_id, route)
           where exists (select from alert_route r where r.name = d.route)`,
    values: [to.map(() => newId()), to, message.alertId, JSON.stringify(message), at],
  });
}

/** The routes that were told of an alert, or may have been. */
export async function toldRoutes(tx: Tx, alertId: string): Promise<string[]> {
  const { rows } = await tx.query<{ route: string }>({
    name: 'alerts.told-routes',
    text: `select distinct route from alert_delivery where alert_id = $1 and status <> 'superseded' order by route`,
    values: [alertId],
  });
  return rows.map(({ route }) => route);
}

/** Takes back what was to be told of an alert that is over, from the routes that were told nothing of it yet. */
export async function takeBack(tx: Tx, alertId: string): Promise<void> {
  await tx.query({
    name: 'alerts.take-back',
    text: `update alert_delivery d set status = 'superseded' where d.alert_id = $1 and d.status = 'waiting' and not exists (
             select from alert_delivery e where e.alert_id = $1 and e.route = d.route
               and (e.status in ('delivered', 'given_up') or e.unsure > 0 or e.is_under_way))`,
    values: [alertId],
  });
}
