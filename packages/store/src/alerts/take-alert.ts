import { type AlertJson, type AlertMessage, AppError } from '@keyturn/contracts';
import { type Tx, transact } from '../database.ts';
import { nameOfActor } from '../members/actors.ts';
import { type AlertRow, toAlertJson } from './alert-rows.ts';
import type { LookShell } from './look.ts';
import { tellRoutes, toldRoutes } from './tell-routes.ts';

/** Says that somebody is at an alert: it escalates no further, and what comes after begins another. Whoever was told hears it. Taken again by the same, it is as it
 *  was. Throws `alert.not_found`; `alert.conflict` with the alert as `present` where somebody else has it, or it is over. */
export function takeAlert({ pool, now, newId }: Omit<LookShell, 'lookMs'>, alertId: string, actor: string): Promise<AlertJson> {
  return transact(pool, async (tx) => {
    const rule = await tx.query('select 1 from alert_rule where name = (select rule from alert where alert_id = $1) for update', [alertId]);
    const found = await tx.query<AlertRow>('select * from alert where alert_id = $1 for update', [alertId]);
    const [row] = found.rows;
    if (row === undefined || (rule.rowCount === 0 && row.status !== 'resolved'))
      throw new AppError('alert.not_found', 'No alert has this id. GET /v1/alerts lists them.');
    if (row.status === 'taken' && row.taken_by === actor) return toAlertJson(row);
    if (row.status === 'taken' || row.status === 'resolved') throw await conflict(tx, row);
    const at = now();
    const taken = await tx.query<AlertRow>(
      `update alert set status = 'taken', taken_at = $2, taken_by = $3, to_seq = seen_seq, paged_at = coalesce(paged_at, $2) where alert_id = $1 returning *`,
      [alertId, at, actor],
    );
    const name = await nameOfActor(tx, actor);
    const message: AlertMessage = {
      ...{ message: 'taken', alertId, rule: row.rule, severity: row.severity, at: at.toISOString(), facts: row.facts },
      ...{ by: actor, ...(name === null ? {} : { byName: name }), untakenMinutes: null },
    };
    await tellRoutes(tx, await toldRoutes(tx, alertId), message, { newId, at });
    return toAlertJson(taken.rows[0] as AlertRow);
  });
}

async function conflict(tx: Tx, row: AlertRow): Promise<AppError> {
  const [reason, why] =
    row.status === 'taken'
      ? ([
          'taken',
          `${(row.taken_by && (await nameOfActor(tx, row.taken_by))) ?? row.taken_by} has it since ${row.taken_at?.toISOString()}.`,
        ] as const)
      : (['over', 'It is over.'] as const);
  return new AppError('alert.conflict', why, { detail: { reason, present: toAlertJson(row) } });
}
