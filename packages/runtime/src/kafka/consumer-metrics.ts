import type { Topic } from '@keyturn/contracts';
import { metrics } from '../metrics.ts';

const assigned = metrics.gauge(
  'keyturn_consumer_assigned_partitions',
  'Partitions that this member reads; all members together have each once.',
  ['group', 'topic'],
);
const retries = metrics.counter('keyturn_consumer_retries_total', 'Batches that are tried again.', ['group', 'topic']);
const seconds = metrics.histogram('keyturn_consumer_batch_seconds', 'From a batch in hand to its commit, or its failure.', [
  'group',
  'topic',
]);

/** Measures the consumer of one group. */
export const consumerMetrics = (group: string) => ({
  startBatch: (topic: Topic): (() => void) => seconds.startTimer({ group, topic: topic.name }),
  retry: (topic: Topic): void => retries.inc({ group, topic: topic.name }),
  /** Shows before each scrape what the member has then; answers how to end that. */
  showAssigned(topics: readonly Topic[], now: () => readonly { readonly topic: string }[]): () => void {
    const show = (): void => {
      for (const { name } of topics) assigned.set({ group, topic: name }, now().filter(({ topic }) => topic === name).length);
    };
    for (const { name } of topics) retries.inc({ group, topic: name }, 0);
    const end = metrics.beforeScrape(show);
    return () => {
      end();
      show();
    };
  },
});
