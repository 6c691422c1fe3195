import { metrics } from '@keyturn/runtime';

/** What the relay shows: rows by how they ended, how long the oldest one waits, how many shards are its own. */
export const relayMetrics = () => ({
  rows: metrics.counter(
    'keyturn_outbox_rows_total',
    'Outbox rows by how they ended: published, refused (kept in outbox_refused: a human must look), or failed (tried again).',
    ['outcome'],
  ),
  ageSeconds: metrics.gauge(
    'keyturn_outbox_age_seconds',
    'Age of the oldest row that this relay has yet to publish; 0: none. While it can not look, since it last could.',
  ),
  shards: metrics.gauge('keyturn_relay_shards', 'Outbox shards that this relay holds.'),
  seconds: metrics.histogram('keyturn_relay_batch_seconds', 'From rows in hand to their removal.'),
});
