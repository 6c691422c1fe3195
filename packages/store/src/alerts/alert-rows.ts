import type { AlertFacts, AlertJson, AlertResolution, AlertSeverity } from '@keyturn/contracts';
import type { AlertState } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** An alert as it is kept. */
export type AlertRow = {
  alert_id: string;
  rule: string;
  cause: string;
  severity: AlertSeverity;
  status: AlertState['status'] | 'resolved';
  facts: AlertFacts;
  from_seq: string;
  to_seq: string | null;
  seen_seq: string;
  told_seq: string;
  opened_at: Date;
  paged_at: Date | null;
  told_at: Date | null;
  escalations: number;
  taken_at: Date | null;
  taken_by: string | null;
  resolved_at: Date | null;
  resolution: AlertResolution | null;
};

/** The alerts of a rule that are not over, oldest first. */
export async function unresolvedAlerts(tx: Tx, rule: string): Promise<AlertRow[]> {
  const { rows } = await tx.query<AlertRow>({
    name: 'alerts.unresolved',
    text: `select * from alert where rule = $1 and status <> 'resolved' order by alert_id`,
    values: [rule],
  });
  return rows;
}

/** When a page of each cause of a rule went out last, of those since an instant. */
export async function pagedSince(tx: Tx, rule: string, since: Date): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ cause: string; paged_at: Date }>({
    name: 'alerts.paged',
    text: 'select cause, max(paged_at) as paged_at from alert where rule = $1 and paged_at > $2 group by 1',
    values: [rule, since],
  });
  return new Map(rows.map(({ cause, paged_at }) => [cause, paged_at.getTime()]));
}

/** An alert as the steps that follow hang on it. Of one that is over there are none. */
export const toState = (row: AlertRow): AlertState => ({
  ...{ alertId: row.alert_id, cause: row.cause, status: row.status === 'resolved' ? 'taken' : row.status },
  ...{ openedAt: row.opened_at.getTime(), pagedAt: row.paged_at?.getTime() ?? null, toldAt: row.told_at?.getTime() ?? null },
  ...{ toldSeq: Number(row.told_seq), escalations: row.escalations },
});

const instant = (at: Date | null) => at?.toISOString() ?? null;
/** An alert as the API shows it. */
export const toAlertJson = (row: AlertRow): AlertJson => ({
  ...{ alertId: row.alert_id, rule: row.rule, severity: row.severity, status: row.status, facts: row.facts },
  ...{ openedAt: row.opened_at.toISOString(), pagedAt: instant(row.paged_at), escalations: row.escalations },
  ...{ takenAt: instant(row.taken_at), takenBy: row.taken_by, resolvedAt: instant(row.resolved_at), resolution: row.resolution },
});
