import type { AlertFacts, AlertRule } from '@keyturn/contracts';
import { alertPolicy, type Found, nextStepAt, stepsOf, type WatchingRule } from '@keyturn/domain';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';
import { type AlertRow, pagedSince, toState, unresolvedAlerts } from './alert-rows.ts';
import { tellDigest } from './digest.ts';
import { findCauses } from './found-causes.ts';
import { factsOfChanges, findChanges, type Stretch } from './found-changes.ts';
import { withOurNumbers } from './our-numbers.ts';
import { resolveAlert, takeSteps } from './take-steps.ts';
import type { Enqueuing } from './tell-routes.ts';

/** What looking needs from the world. `newId`: UUIDv7. `lookMs`: how long until a rule is looked at again. */
export type LookShell = { readonly pool: pg.Pool; readonly now: () => Date; readonly newId: () => string; readonly lookMs: number };
type Timer = { readonly rule: AlertRule; readonly pulse: string | null; readonly moved: string; readonly due_at: Date | null };
/** What a rule found, and what is known of each cause now. */
type Looked = { readonly found: readonly Found[]; readonly factsOf: (stretch: Stretch) => Promise<AlertFacts | null> };

/** Looks at the next rule whose time has come, and does what follows; answers whether there was one. Its timer, the steps and what is told of them commit
 *  together, and no two processes are at one rule. */
export function lookAtNextRule(shell: LookShell): Promise<boolean> {
  return transact(shell.pool, async (tx) => {
    const at = shell.now();
    const timer = await takeTimer(tx, at);
    if (timer === null) return false;
    const enqueuing = { newId: shell.newId, at };
    const next = new Date(at.getTime() + shell.lookMs);
    const { rule } = timer;
    const dueAt = await followed(tx, timer, enqueuing);
    await tx.query('update alert_rule set next_look_at = $2, pulse = $3, due_at = $4 where name = $1', [
      rule.name,
      next,
      timer.moved,
      dueAt,
    ]);
    return true;
  });
}

/** Answers when something follows though nothing is new; null: nothing will. */
function followed(tx: Tx, timer: Timer, enqueuing: Enqueuing): Promise<Date | null> {
  const { rule, due_at } = timer;
  if (rule.kind === 'digest') return tellDigest(tx, rule, due_at, enqueuing);
  return isAsItWas(timer, enqueuing.at) ? Promise.resolve(due_at) : look(tx, rule, enqueuing);
}

async function takeTimer(tx: Tx, at: Date): Promise<Timer | null> {
  const { rows } = await tx.query<Timer>({
    name: 'alerts.take-rule',
    text: `select rule, pulse, due_at, coalesce((select moved from alert_pulse where pulse_id = 1), 0) as moved
           from alert_rule where next_look_at <= $1 order by next_look_at limit 1 for update skip locked`,
    values: [at],
  });
  return rows[0] ?? null;
}

/** Whether nothing can follow, so that what is open need not be counted. */
const isAsItWas = ({ rule, pulse, moved, due_at }: Timer, at: Date): boolean =>
  rule.kind === 'identity_changes' && rule.when.undecidedForMinutes === 0 && pulse === moved && (due_at === null || due_at > at);

async function look(tx: Tx, rule: WatchingRule, enqueuing: Enqueuing): Promise<Date | null> {
  const { at } = enqueuing;
  const alerts = await unresolvedAlerts(tx, rule.name);
  const { found, factsOf } = rule.isOn ? await lookFor(tx, rule, alerts, at) : { found: [], factsOf: async () => null };
  await noteSeen(tx, found);
  const policy = alertPolicy(rule);
  const pagedAt = await pagedSince(tx, rule.name, new Date(at.getTime() - policy.repageMs));
  const watched = { alerts: alerts.map(toState), found, pagedAt };
  const steps = stepsOf(policy, watched, at.getTime());
  await takeSteps(tx, { ...enqueuing, rule, alerts, factsOf }, steps);
  if (steps.length > 0) return at; // what follows from these is seen at the next look
  const next = nextStepAt(policy, watched);
  return next === null ? null : new Date(next);
}

async function lookFor(tx: Tx, rule: WatchingRule, alerts: readonly AlertRow[], at: Date): Promise<Looked> {
  if (rule.kind === 'identity_changes')
    return {
      found: await findChanges(tx, rule, at),
      factsOf: async (stretch) => withOurNumbers(tx, await factsOfChanges(tx, rule, stretch, at), at),
    };
  const causes = await findCauses(tx, rule, at);
  const idOf = (cause: string) => alerts.find((row) => row.cause === cause)?.alert_id ?? null;
  return {
    found: [...causes.keys()].map((cause) => ({ cause, alertId: idOf(cause), count: 1, seq: 0 })),
    factsOf: async ({ cause }) => {
      const facts = causes.get(cause);
      return facts === undefined ? null : withOurNumbers(tx, facts, at);
    },
  };
}

/** Up to where each alert was seen: whoever takes it takes so much. */
async function noteSeen(tx: Tx, found: readonly Found[]): Promise<void> {
  const seen = found.filter(({ alertId }) => alertId !== null);
  if (seen.length === 0) return;
  await tx.query({
    name: 'alerts.note-seen',
    text: `update alert a set seen_seq = greatest(seen_seq, s.seq) from unnest($1::uuid[], $2::bigint[]) as s(alert_id, seq)
           where a.alert_id = s.alert_id and a.seen_seq < s.seq`,
    values: [seen.map(({ alertId }) => alertId), seen.map(({ seq }) => seq)],
  });
}

/** Ends the alerts of rules that are gone or look for something else than they did, in the transaction of that change. */
export async function endAlertsOf(tx: Tx, rule: string, enqueuing: Enqueuing): Promise<void> {
  for (const row of await unresolvedAlerts(tx, rule)) {
    if (row.status === 'pending') await tx.query('delete from alert where alert_id = $1', [row.alert_id]);
    else await resolveAlert(tx, row, 'rule_gone', enqueuing);
  }
}
