import type { Tx } from '../database.ts';

/** What a route is still to take, since when the oldest of it waits, and since when the route fails. */
export type RouteFares = {
  readonly route: string;
  readonly waiting: number;
  readonly oldestSince: Date | null;
  readonly failingSince: Date | null;
};

/** How each route fares, those with nothing to take too; what waits is counted up to a thousand. It reads the index of what waits, and no more of it than it counts. */
export async function howRoutesFare(tx: Tx): Promise<RouteFares[]> {
  const { rows } = await tx.query<RouteFares>({
    name: 'alerts.routes-fare',
    text: `select r.name as route, r.failing_since as "failingSince",
             (select count(*)::int from (select from alert_delivery d where d.route = r.name and d.status = 'waiting' limit 1000) w) as waiting,
             (select d.created_at from alert_delivery d where d.route = r.name and d.status = 'waiting' order by d.delivery_id limit 1) as "oldestSince"
           from alert_route r`,
  });
  return rows;
}
