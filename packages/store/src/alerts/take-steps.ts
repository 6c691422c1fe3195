import { type AlertFacts, type AlertMessage, MINUTE_MS } from '@keyturn/contracts';
import { type AlertStep, escalationsOf, type Found, type WatchingRule } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import type { AlertRow } from './alert-rows.ts';
import type { Stretch } from './found-changes.ts';
import { type Enqueuing, takeBack, tellRoutes, toldRoutes } from './tell-routes.ts';

/** What taking steps needs: the rule, its alerts that are not over, and what is known of a cause now (null: nothing of it is left). */
export type Stepping = Enqueuing & {
  readonly rule: WatchingRule;
  readonly alerts: readonly AlertRow[];
  readonly factsOf: (stretch: Stretch) => Promise<AlertFacts | null>;
};

/** Takes the steps that follow for a rule, and has them told, in the transaction of its look. */
export async function takeSteps(tx: Tx, stepping: Stepping, steps: readonly AlertStep[]): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'begin') await begin(tx, stepping, step.found, step.page);
    else await takeStep(tx, stepping, step, stepping.alerts.find((row) => row.alert_id === step.alertId) as AlertRow);
  }
}

async function begin(tx: Tx, stepping: Stepping, { cause, seq }: Found, page: boolean): Promise<void> {
  const { rule, alerts, newId, at } = stepping;
  const covered = alerts.filter((row) => row.cause === cause).map(({ to_seq }) => BigInt(to_seq ?? 0));
  const fromSeq = String(covered.reduce((max, one) => (one > max ? one : max), 0n));
  const facts = await stepping.factsOf({ cause, fromSeq, toSeq: null });
  if (facts === null) return;
  const alertId = newId();
  await tx.query({
    name: 'alerts.begin',
    text: `insert into alert (alert_id, rule, cause, severity, status, facts, from_seq, seen_seq, told_seq, opened_at, paged_at, told_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $10)`,
    values: [
      alertId,
      rule.name,
      cause,
      rule.severity,
      page ? 'open' : 'pending',
      JSON.stringify(facts),
      fromSeq,
      seq,
      at,
      page ? at : null,
    ],
  });
  if (page) await tellRoutes(tx, rule.routes, { ...messageOf(stepping, 'opened', facts), alertId }, stepping);
}

async function takeStep(tx: Tx, stepping: Stepping, step: Exclude<AlertStep, { kind: 'begin' }>, row: AlertRow): Promise<void> {
  if (step.kind === 'drop') return void (await tx.query('delete from alert where alert_id = $1', [row.alert_id]));
  if (step.kind === 'resolve') return resolveAlert(tx, row, 'over', stepping);
  const facts = (await stepping.factsOf({ cause: row.cause, fromSeq: row.from_seq, toSeq: row.to_seq })) ?? row.facts;
  const message = { ...messageOf(stepping, 'opened', facts), alertId: row.alert_id };
  const { rule, at } = stepping;
  if (step.kind === 'page') {
    await tx.query(
      `update alert set status = 'open', facts = $2, paged_at = $3, told_at = $3, told_seq = seen_seq, severity = $4 where alert_id = $1`,
      [row.alert_id, JSON.stringify(facts), at, rule.severity],
    );
    return tellRoutes(tx, rule.routes, message, stepping);
  }
  await tx.query('update alert set facts = $2, told_at = $3, told_seq = seen_seq, escalations = escalations + $4 where alert_id = $1', [
    ...[row.alert_id, JSON.stringify(facts), at, step.kind === 'escalate' ? step.levels.length : 0],
  ]);
  if (step.kind === 'update') return tellRoutes(tx, await toldRoutes(tx, row.alert_id), { ...message, message: 'updated' }, stepping);
  const routes = (step.kind === 'escalate' ? step.levels : []).flatMap((level) => escalationsOf(rule)[level]?.routes ?? []);
  const untakenMinutes = Math.floor((at.getTime() - (row.paged_at?.getTime() ?? at.getTime())) / MINUTE_MS);
  return tellRoutes(tx, routes, { ...message, message: 'escalated', untakenMinutes }, stepping);
}

/** Ends an alert, and has it told to whom it was told. */
export async function resolveAlert(tx: Tx, row: AlertRow, resolution: 'over' | 'rule_gone', enqueuing: Enqueuing): Promise<void> {
  const { at } = enqueuing;
  await tx.query(`update alert set status = 'resolved', resolved_at = $2, resolution = $3 where alert_id = $1`, [
    ...[row.alert_id, at, resolution],
  ]);
  await takeBack(tx, row.alert_id);
  const message: AlertMessage = {
    ...{ message: 'resolved', alertId: row.alert_id, rule: row.rule, severity: row.severity, at: at.toISOString() },
    ...{ facts: row.facts, by: null, untakenMinutes: null },
  };
  await tellRoutes(tx, await toldRoutes(tx, row.alert_id), message, enqueuing);
}

const messageOf = ({ rule, at }: Stepping, message: AlertMessage['message'], facts: AlertFacts): AlertMessage => ({
  ...{ message, alertId: null, rule: rule.name, severity: rule.severity, at: at.toISOString(), facts },
  ...{ by: null, untakenMinutes: null },
});
