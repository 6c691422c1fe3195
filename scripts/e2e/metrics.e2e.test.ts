import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerTopics, inbound } from '@keyturn/contracts';
import { metrics } from '@keyturn/runtime';
import { type Line, startLine } from './line.ts';
import { bodyOf, text } from './payload.ts';
import { type Sample, samplesOf } from './samples.ts';

let line: Line;
let samples: Sample[];
beforeAll(async () => {
  line = await startLine();
  for (let i = 0; i < 20; i++) {
    const waId = `4915210${String(i).padStart(4, '0')}`;
    for (const [seconds, hash] of [
      [0, 'h1'],
      [5, 'h1'],
      [60, 'h2'],
    ] as const)
      expect(await line.post(bodyOf([text({ waId }, seconds, hash)]))).toBe(200);
  }
  expect(await line.post('no json')).toBe(200);
  await line.settled();
  samples = samplesOf(await metrics.scrape());
}, 120_000);
afterAll(() => line.stop(), 60_000);

const sum = (name: string, labels: Record<string, string> = {}): number =>
  samples
    .filter((one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value))
    .reduce((total, { value }) => total + value, 0);

describe('a running line shows from outside', () => {
  it('that no record is lost: what each group passed is what is in its topic, and ended once', async () => {
    for (const [group, topics] of Object.entries(consumerTopics)) {
      for (const { name: topic } of topics) {
        const { records } = await line.ended(group, topic);
        expect({ group, topic, passed: sum('keyturn_consumer_passed_records_total', { group, topic }) }).toEqual({
          group,
          topic,
          passed: records,
        });
        expect(sum('keyturn_consumed_total', { group, topic })).toBe(records);
        expect(sum('keyturn_consumer_assigned_partitions', { group, topic })).toBe(inbound.partitions);
        expect(sum('keyturn_consumer_lag_records', { group, topic })).toBe(0);
        expect(sum('keyturn_consumer_oldest_unprocessed_seconds', { group, topic })).toBe(0);
        expect(sum('keyturn_consumer_caught_up_timestamp_seconds', { group, topic })).toBeGreaterThan(Date.now() / 1000 - 60);
      }
    }
  });

  it('how fast it blocks, and who waits for a decision since when', () => {
    expect(sum('keyturn_webhook_to_blocked_seconds_count')).toBe(20);
    expect(sum('keyturn_webhook_to_blocked_seconds_sum')).toBeGreaterThan(0);
    expect(sum('keyturn_blocked_late_total')).toBe(0);
    expect(sum('keyturn_identity_changes_open')).toBe(20);
    expect(sum('keyturn_identity_changes_oldest_seconds')).toBeGreaterThan(0);
  });

  it('webhooks, events, rows, connections and pools', () => {
    expect(sum('keyturn_webhooks_total', { outcome: 'kept' })).toBe(61);
    expect(sum('keyturn_webhook_events_total')).toBe(61);
    expect(sum('keyturn_outbox_rows_total', { outcome: 'published' })).toBeGreaterThanOrEqual(60);
    expect(sum('keyturn_relay_shards')).toBe(8);
    expect(sum('keyturn_outbox_age_seconds')).toBe(0);
    expect(sum('keyturn_kafka_connections', { service: 'ingress' })).toBeGreaterThan(0);
    expect(sum('keyturn_database_connections', { service: 'identity' })).toBeGreaterThan(0);
    expect(sum('keyturn_breaker_open')).toBe(0);
  });
});

it('docs/operate.md has every metric with its labels, and none that is not there', async () => {
  metrics.collectProcess();
  const known = (await metrics.registry.getMetricsAsArray())
    .map((metric) => metric as unknown as { name: string; help: string; labelNames: string[] })
    .filter(({ name }) => name.startsWith('keyturn_'));
  const documented = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8').matchAll(
    /^\| `(keyturn_\w+)(?:\{([\w,]+)\})?` \| (.+?) \|/gm,
  );
  const shown = ({ name, labels }: { name: string; labels: readonly string[] }) => `${name}{${labels.join()}}`;
  expect([...documented].map(([, name = '', labels]) => shown({ name, labels: labels?.split(',') ?? [] })).sort()).toEqual(
    known.map(({ name, labelNames }) => shown({ name, labels: labelNames })).sort(),
  );
  for (const { name, help } of known) expect([name, help]).toEqual([name, expect.stringMatching(/\w.*\.$/)]);
});
