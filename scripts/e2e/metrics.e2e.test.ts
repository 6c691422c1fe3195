import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerTopics, inbound } from '@keyturn/contracts';
import { metrics } from '@keyturn/runtime';
import { expressions } from '../watch/expressions.ts';
import { usesIn } from '../watch/promql.ts';
import { type Line, startLine } from './line.ts';
import { bodyOf, text } from './payload.ts';
import { type Sample, samplesOf } from './samples.ts';
import { until } from './until.ts';

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
  await until('relays and consumers know that nothing waits', async () => {
    samples = samplesOf(await metrics.scrape());
    return ['keyturn_outbox_age_seconds', 'keyturn_consumer_lag_records', 'keyturn_consumer_oldest_unprocessed_seconds'].every(
      (name) => sum(name) === 0,
    );
  });
});
afterAll(() => line.stop());

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

type Known = { readonly name: string; readonly help: string; readonly labelNames: readonly string[]; readonly type: string };
async function known(): Promise<Known[]> {
  metrics.collectProcess();
  return (await metrics.registry.getMetricsAsArray()) as unknown as Known[];
}

it('docs/operate.md has every metric with its labels, and none that is not there', async () => {
  const ours = (await known()).filter(({ name }) => name.startsWith('keyturn_'));
  const documented = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8').matchAll(
    /^\| `(keyturn_\w+)(?:\{([\w,]+)\})?` \| (.+?) \|/gm,
  );
  const shown = ({ name, labels }: { name: string; labels: readonly string[] }) => `${name}{${labels.join()}}`;
  expect([...documented].map(([, name = '', labels]) => shown({ name, labels: labels?.split(',') ?? [] })).sort()).toEqual(
    ours.map(({ name, labelNames }) => shown({ name, labels: labelNames })).sort(),
  );
  for (const { name, help } of ours) expect([name, help]).toEqual([name, expect.stringMatching(/\w.*\.$/)]);
});

describe('no alert and no panel asks for what is not there', () => {
  /** What Prometheus adds itself. */
  const added = ['job', 'instance'];
  it.each(expressions.map(({ where, expr, shown }) => [where, expr, shown] as const))('%s: %s', async (_where, expr, shown) => {
    const series = new Map<string, readonly string[]>([['up', added]]);
    for (const { name, labelNames, type } of await known()) {
      const labels = [...labelNames, ...added];
      if (type === 'histogram') for (const suffix of ['_sum', '_count']) series.set(name + suffix, labels);
      series.set(type === 'histogram' ? `${name}_bucket` : name, type === 'histogram' ? [...labels, 'le'] : labels);
    }
    const uses = usesIn(expr);
    for (const { metric, labels } of uses) expect([metric, series.get(metric)]).toEqual([metric, expect.arrayContaining([...labels])]);
    expect(uses.flatMap(({ metric }) => series.get(metric) ?? [])).toEqual(expect.arrayContaining([...shown]));
  });
});
