/** How a rule alerts, in milliseconds. `escalateAfterMs`: one for each step, from the page on. */
export type AlertPolicy = {
  readonly waitMs: number;
  readonly updateMs: number;
  readonly repageMs: number;
  readonly escalateAfterMs: readonly number[];
};
/** An alert that is not over. `toldSeq`: the newest that whoever is told knows of. Instants are milliseconds. */
export type AlertState = {
  readonly alertId: string;
  readonly cause: string;
  readonly status: 'pending' | 'open' | 'taken';
  readonly openedAt: number;
  readonly pagedAt: number | null;
  readonly toldAt: number | null;
  readonly toldSeq: number;
  readonly escalations: number;
};
/** What there is of a cause now: how much, and its newest (`seq` grows with each change). `alertId`: the alert that covers it; null: none does yet. */
export type Found = { readonly cause: string; readonly alertId: string | null; readonly count: number; readonly seq: number };
/** All that a rule's next steps hang on. `pagedAt`: when a page of each cause went out last, of alerts that are over too. */
export type Watched = {
  readonly alerts: readonly AlertState[];
  readonly found: readonly Found[];
  readonly pagedAt: ReadonlyMap<string, number>;
};
/** What is to be done. `begin` with `page`: it is told at once. `levels`: which steps of escalation, counted from 0. */
export type AlertStep =
  | { readonly kind: 'begin'; readonly found: Found; readonly page: boolean }
  | { readonly kind: 'page' | 'update' | 'resolve' | 'drop'; readonly alertId: string }
  | { readonly kind: 'escalate'; readonly alertId: string; readonly levels: readonly number[] };

/** What follows from what a rule found. One cause is one page, however much of it there is: what is new joins the alert while nobody has taken it, and
 *  is told seldom; once somebody has, it begins another, which pages. What is gone ends its alert, told or not. Looked at again, nothing more follows. */
export function stepsOf(policy: AlertPolicy, { alerts, found, pagedAt }: Watched, now: number): AlertStep[] {
  const byAlert = new Map(found.map((one) => [one.alertId, one]));
  return [
    ...alerts.flatMap((alert) => follow(policy, alert, byAlert.get(alert.alertId), now)),
    ...found
      .filter(({ alertId, count }) => alertId === null && count > 0)
      .flatMap((one) => begin(policy, one, pagedAt.get(one.cause), now)),
  ];
}

/** The earliest instant at which something follows though nothing is new; null: nothing will. Where nothing follows now, it is yet to come. */
export function nextStepAt(policy: AlertPolicy, { alerts, found, pagedAt }: Watched): number | null {
  const byAlert = new Map(found.map((one) => [one.alertId, one]));
  const begins = found
    .filter(({ alertId, count }) => alertId === null && count > 0)
    .map(({ cause }) => (pagedAt.get(cause) ?? Number.NEGATIVE_INFINITY) + policy.repageMs);
  const all = [...begins, ...alerts.flatMap((alert) => timersOf(policy, alert, byAlert.get(alert.alertId)))];
  return all.length === 0 ? null : Math.min(...all);
}

function follow(policy: AlertPolicy, alert: AlertState, found: Found | undefined, now: number): AlertStep[] {
  const { alertId, status } = alert;
  if (found === undefined || found.count === 0) return [{ kind: status === 'pending' ? 'drop' : 'resolve', alertId }];
  if (status === 'pending') return now >= alert.openedAt + policy.waitMs ? [{ kind: 'page', alertId }] : [];
  if (status === 'taken') return [];
  const levels = dueLevels(policy, alert, now);
  if (levels.length > 0) return [{ kind: 'escalate', alertId, levels }];
  return found.seq > alert.toldSeq && now >= (alert.toldAt ?? 0) + policy.updateMs ? [{ kind: 'update', alertId }] : [];
}

function begin({ waitMs, repageMs }: AlertPolicy, found: Found, paged: number | undefined, now: number): AlertStep[] {
  if (paged !== undefined && now < paged + repageMs) return [];
  return [{ kind: 'begin', found, page: waitMs === 0 }];
}

const dueLevels = ({ escalateAfterMs }: AlertPolicy, { pagedAt, escalations }: AlertState, now: number): number[] =>
  [...escalateAfterMs.keys()].slice(escalations).filter((level) => now >= (pagedAt ?? now) + (escalateAfterMs[level] ?? 0));

/** What was told already is not told again for the time that has passed. */
function timersOf({ waitMs, updateMs, escalateAfterMs }: AlertPolicy, alert: AlertState, found: Found | undefined): number[] {
  const { status, pagedAt, toldAt, toldSeq } = alert;
  if (status === 'taken') return [];
  if (status === 'pending') return [alert.openedAt + waitMs];
  const escalations = pagedAt === null ? [] : escalateAfterMs.slice(alert.escalations).map((afterMs) => pagedAt + afterMs);
  return [...escalations, ...((found?.seq ?? 0) > toldSeq ? [(toldAt ?? 0) + updateMs] : [])];
}
