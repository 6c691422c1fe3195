import { type AlertRule, MINUTE_MS, SECOND_MS } from '@keyturn/contracts';
import type { AlertPolicy } from './steps-of.ts';

/** A rule that looks for something, so not the daily digest. */
export type WatchingRule = Exclude<AlertRule, { kind: 'digest' }>;

/** How a rule alerts. Steps of escalation come in the order of their times, whatever the order they were written in. */
export const alertPolicy = (rule: WatchingRule): AlertPolicy => ({
  waitMs: rule.waitSeconds * SECOND_MS,
  updateMs: rule.updateMinutes * MINUTE_MS,
  repageMs: rule.repageMinutes * MINUTE_MS,
  escalateAfterMs: escalationsOf(rule).map(({ afterMinutes }) => afterMinutes * MINUTE_MS),
});

/** A rule's steps of escalation, the earliest first. */
export const escalationsOf = ({ escalate }: WatchingRule): WatchingRule['escalate'] =>
  escalate.toSorted((a, b) => a.afterMinutes - b.afterMinutes);
