import { metrics } from '@keyturn/runtime';
import type { Ended } from './run.ts';

/** How many records ended how: `applied`, `touched`, `skipped_<reason>`, `dead_lettered`. */
export function tally(ended: readonly Ended[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of ended.map(outcomeOf)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
/** How one record ended, by its name in the counts. */
export const outcomeOf = (one: Ended): string => (one.kind === 'skipped' ? `skipped_${one.reason}` : one.kind);

/** Counts how records ended, by group and topic, when that is committed. The outcomes add up to the records read. */
export function countEnded(group: string, topic: string, ended: readonly Ended[]): void {
  for (const [outcome, count] of Object.entries(tally(ended))) consumed().inc({ group, topic, outcome }, count);
}
/** Counts how dead letters ended that were read again. They are not among the records read, which were counted when they came. */
export function countRedriven(group: string, ended: readonly Ended[]): void {
  for (const [outcome, count] of Object.entries(tally(ended))) redriven().inc({ group, outcome }, count);
}
/** Shows how many dead letters of a group await a decision. */
export const observeOpenLetters = (group: string, count: number): void => openLetters().set({ group }, count);
/** Observes how long a batch took, from in hand to committed. */
export const observeBatch = (group: string, durationMs: number): void => duration().observe({ group }, durationMs / 1000);

const consumed = () =>
  metrics.counter('keyturn_consumed_total', 'Records by how they ended: applied, touched, skipped for a reason, or dead-lettered.', [
    'group',
    'topic',
    'outcome',
  ]);
const redriven = () =>
  metrics.counter(
    'keyturn_redriven_total',
    'Dead letters that were read again, by how they ended; dead_lettered: failed again, and open.',
    ['group', 'outcome'],
  );
const openLetters = () =>
  metrics.gauge('keyturn_dead_letters_open', 'Dead letters that await a decision. Each member of the group shows the same.', ['group']);
const duration = () => metrics.histogram('keyturn_batch_duration_seconds', 'From a batch in hand to its commit.', ['group']);
