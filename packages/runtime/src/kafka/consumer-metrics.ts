import type { Topic } from '@keyturn/contracts';
import { metrics } from '../metrics.ts';
import type { IncomingBatch } from './incoming.ts';

const lag = metrics.gauge('keyturn_consumer_lag_records', 'Records written and not yet applied.', ['group', 'topic', 'partition']);
const retries = metrics.counter('keyturn_consumer_retries_total', 'Batches that are tried again.', ['group', 'topic']);
const seconds = metrics.histogram('keyturn_consumer_batch_seconds', 'What one batch took.', ['group', 'topic']);

/** Measures the consumer of one group. */
export const consumerMetrics = (group: string) => ({
  startBatch: (topic: Topic): (() => void) => seconds.startTimer({ group, topic: topic.name }),
  lag: ({ topic, partition, highWatermark }: IncomingBatch, next: bigint): void =>
    lag.set({ group, topic: topic.name, partition }, Math.max(0, Number(highWatermark - next))),
  /** Another member may have it now, and says so itself. */
  forgetLag: (topic: Topic, partition: number): void => lag.remove({ group, topic: topic.name, partition }),
  retry: (topic: Topic): void => retries.inc({ group, topic: topic.name }),
});
