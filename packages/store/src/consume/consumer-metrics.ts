import { metrics } from '@keyturn/runtime';
import type { Ended } from './run.ts';

/** How many records ended how: `applied`, `touched`, `skipped_<reason>`, `dead_lettered`. */
export function tally(ended: readonly Ended[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of ended) {
    const outcome = one.kind === 'skipped' ? `skipped_${one.reason}` : one.kind;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** Counts how records ended, by group and topic, when that is committed. The outcomes add up to the records read. */
export function countEnded(group: string, topic: string, ended: readonly Ended[]): void {
  for (const [outcome, count] of Object.entries(tally(ended))) consumed().inc({ group, topic, outcome }, count);
}
/** Observes how long a batch took, from in hand to committed. */
export const observeBatch = (group: string, durationMs: number): void => duration().observe({ group }, durationMs / 1000);

const consumed = () =>
  metrics.counter('keyturn_consumed_total', 'Records by how they ended: applied, touched, skipped for a reason, or dead-lettered.', [
    'group',
    'topic',
    'outcome',
  ]);
const duration = () => metrics.histogram('keyturn_batch_duration_seconds', 'From a batch in hand to its commit.', ['group']);
