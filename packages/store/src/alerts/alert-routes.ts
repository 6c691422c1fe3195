import { type AlertRoute, type AlertRouteHealth, AppError } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { nameTaken, type Setting } from './alert-rules.ts';
import { recordSetting } from './record-setting.ts';

/** A route as it is kept: without its secret, which only the console opens. */
export type StoredAlertRoute = {
  readonly name: string;
  readonly version: number;
  readonly route: AlertRoute;
  readonly sealed: string | null;
  readonly setBy: string;
  readonly setAt: string;
  readonly health: AlertRouteHealth;
};
type Row = {
  name: string;
  version: number;
  route: AlertRoute;
  sealed: string | null;
  set_by: string;
  set_at: Date;
  failing_since: Date | null;
  last_attempt_at: Date | null;
  last_outcome: string | null;
  last_http_status: number | null;
  last_answer: string | null;
  last_delivered_at: Date | null;
  waiting: number;
};
const SELECT = `select r.*, (select count(*)::int from (
    select from alert_delivery d where d.route = r.name and d.status = 'waiting' limit 1000) w) as waiting from alert_route r`;

/** All routes, by name. */
export async function listAlertRoutes(tx: Tx): Promise<StoredAlertRoute[]> {
  const { rows } = await tx.query<Row>({ name: 'alerts.routes', text: `${SELECT} order by r.name` });
  return rows.map(toStored);
}

/** One route. Throws `alert.not_found`. */
export async function readAlertRoute(tx: Tx, name: string): Promise<StoredAlertRoute> {
  const { rows } = await tx.query<Row>({ name: 'alerts.route', text: `${SELECT} where r.name = $1`, values: [name] });
  if (rows[0] === undefined) throw noRoute();
  return toStored(rows[0]);
}

/** Makes a route. Throws `alert.conflict` where one has its name. In the caller's transaction. */
export async function createAlertRoute(tx: Tx, route: AlertRoute, sealed: string | null, { actor, at }: Setting): Promise<void> {
  const { rows } = await tx.query<{ version: number }>({
    name: 'alerts.create-route',
    text: `insert into alert_route (name, version, route, sealed, set_by, set_at)
           values ($1, 1 + coalesce((select max(version) from alert_setting where kind = 'route' and name = $1), 0), $2, $3, $4, $5)
           on conflict do nothing returning version`,
    values: [route.name, JSON.stringify(route), sealed, actor, at],
  });
  const [made] = rows;
  if (made === undefined) throw nameTaken(`A route is called ${route.name} already. PUT /v1/alert-routes/${route.name} changes it.`);
  await recordSetting(tx, { kind: 'route', name: route.name, version: made.version, setting: route, actor, at });
}

/** Puts a route in the place of the one that was seen; what the one before refused and is not over is tried again. Throws `alert.conflict` with the present
 *  version where that is another. In the caller's transaction. */
export async function setAlertRoute(
  tx: Tx,
  version: number,
  { route, sealed }: { readonly route: AlertRoute; readonly sealed: string | null },
  { actor, at }: Setting,
): Promise<void> {
  const { name } = route;
  const { rows } = await tx.query<{ version: number }>({
    name: 'alerts.set-route',
    text: `update alert_route set version = version + 1, route = $3, sealed = $4, set_by = $5, set_at = $6, failures = 0, retry_at = null
           where name = $1 and version = $2 returning version`,
    values: [name, version, JSON.stringify(route), sealed, actor, at],
  });
  const [set] = rows;
  if (set === undefined)
    throw new AppError('alert.conflict', 'Somebody else set this route since. Look at it again, and send yours with its version.', {
      detail: { reason: 'moved_on', present: { version: (await readAlertRoute(tx, name)).version } },
    });
  await recordSetting(tx, { kind: 'route', name, version: set.version, setting: route, actor, at });
  await tx.query(
    `update alert_delivery d set status = 'waiting', next_attempt_at = $2 where d.route = $1 and d.next_attempt_at > $2::timestamptz - interval '1 day'
       and (d.status = 'waiting' and not d.is_under_way or d.status = 'refused' and exists (
         select from alert a where a.alert_id = d.alert_id and a.status in ('open', 'taken')))`,
    [name, at],
  );
}

/** Seals a route's secret anew, unless somebody set it meanwhile. */
export async function resealAlertRoute(tx: Tx, { name, version }: StoredAlertRoute, sealed: string): Promise<void> {
  await tx.query('update alert_route set sealed = $3 where name = $1 and version = $2', [name, version, sealed]);
}

/** Takes a route away, and what it was still to take. Throws `alert.not_found`; `alert.conflict` naming a rule that names it. In the caller's transaction. */
export async function deleteAlertRoute(tx: Tx, name: string, { actor, at }: Setting): Promise<void> {
  const { rows } = await tx.query<{ version: number }>('delete from alert_route where name = $1 returning version', [name]);
  if (rows[0] === undefined) throw noRoute();
  const used = await tx.query<{ name: string }>(
    `select name from alert_rule where rule->'routes' ? $1 or jsonb_path_exists(rule, '$.escalate[*].routes[*] ? (@ == $route)', jsonb_build_object('route', $1::text))
     order by name limit 1`,
    [name],
  );
  if (used.rows[0] !== undefined)
    throw new AppError('alert.conflict', `Rule ${used.rows[0].name} tells this route. Take it out there first.`, {
      detail: { reason: 'in_use', rule: used.rows[0].name },
    });
  await tx.query(`update alert_delivery set status = 'given_up' where route = $1 and status = 'waiting'`, [name]);
  await recordSetting(tx, { kind: 'route', name, version: rows[0].version, setting: null, actor, at });
}

const noRoute = () => new AppError('alert.not_found', 'No route has this name. GET /v1/alert-routes lists them.');
const instant = (at: Date | null) => at?.toISOString() ?? null;

const toStored = ({ name, version, route, sealed, set_by, set_at, ...row }: Row): StoredAlertRoute => ({
  ...{ name, version, route, sealed, setBy: set_by, setAt: set_at.toISOString() },
  health: {
    status: row.last_attempt_at === null ? 'unused' : row.failing_since === null ? 'working' : 'failing',
    failingSince: instant(row.failing_since),
    lastAttemptAt: instant(row.last_attempt_at),
    ...{ lastOutcome: row.last_outcome, lastHttpStatus: row.last_http_status, lastAnswer: row.last_answer },
    lastDeliveredAt: instant(row.last_delivered_at),
    waiting: row.waiting,
  },
});
