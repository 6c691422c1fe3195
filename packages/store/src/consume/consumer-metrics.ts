import { metrics } from '@keyturn/runtime';

/** Counts how the records of a batch ended, by group and topic. `applied` + `touched` + `skipped_…` + `dead_lettered` = records read. */
export function countEnded(group: string, topic: string, counts: Readonly<Record<string, number>>, durationMs: number): void {
  for (const [outcome, count] of Object.entries(counts)) consumed().inc({ group, topic, outcome }, count);
  duration().observe({ group }, durationMs / 1000);
}

const consumed = () =>
  metrics.counter('keyturn_consumed_total', 'Records by how they ended: applied, touched, skipped for a reason, or dead-lettered.', [
    'group',
    'topic',
    'outcome',
  ]);
const duration = () => metrics.histogram('keyturn_batch_duration_seconds', 'From a batch in hand to its commit.', ['group']);
