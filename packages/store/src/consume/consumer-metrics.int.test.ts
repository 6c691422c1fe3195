import { describe, expect, it } from '@jest/globals';
import { contactEvents, headers, type InboundEvent, inbound } from '@keyturn/contracts';
import { type IncomingRecord, metrics } from '@keyturn/runtime';
import { inboundRecord, iso, message, numberChanged, status, T0 } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { ownDatabase } from '../directory/directory.fixture.ts';
import { applyBatch } from './apply-batch.ts';
import { identity } from './identity-consumer.fixture.ts';
import type { Run } from './run.ts';
import { stopRule } from './stop-rule.ts';

const NOW = new Date(iso(T0 + 7200));
const receivedAt = iso(T0 + 7200 - 3);

const database = ownDatabase();

let partition = 0;
async function apply(records: readonly IncomingRecord[], topic: Run['topic'] = inbound) {
  const run = { topic, partition: ++partition, records, from: null, to: BigInt(records.length), caughtUpAt: NOW, attempt: 1 };
  return applyBatch({ pool: database.pool, now: () => NOW, newContactId: v7, stopRule: stopRule('identity') }, identity, run);
}
const records = (...events: InboundEvent[]) => events.map((event, i) => inboundRecord(event, BigInt(i)));
let people = 0;
const newNumber = () => `4915701${String(++people).padStart(6, '0')}`;

async function total(name: string): Promise<number> {
  const metric = await metrics.registry.getSingleMetric(name)?.get();
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}
const countOf = async (name: string): Promise<Record<string, number>> => {
  const metric = await metrics.registry.getSingleMetric(name)?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [`${labels.outcome} ${labels.reason}`.trim(), value]));
};
/** Count and sum of the histogram. */
async function blocked(): Promise<{ count: number; seconds: number; late: number }> {
  const metric = (await metrics.registry.getSingleMetric('keyturn_webhook_to_blocked_seconds')?.get()) as unknown as {
    values: { metricName: string; value: number }[];
  };
  const named = (suffix: string) => metric.values.find(({ metricName }) => metricName.endsWith(suffix))?.value ?? 0;
  return { count: named('_count'), seconds: named('_sum'), late: await total('keyturn_blocked_late_total') };
}

it('every record that is passed is counted once, by how it ended, also where the database refuses one', async () => {
  const [good, bad] = [newNumber(), newNumber()];
  await apply([
    ...records(
      message({ waId: good, at: T0, identityKeyHash: 'h1' }),
      message({ waId: good, at: T0 + 1, identityKeyHash: 'h1' }),
      message({ waId: bad, at: T0 + 2, identityKeyHash: 'h\u0000' }),
      message({ waId: good, at: T0 + 3, identityKeyHash: 'h2' }),
      status({ waId: good, at: T0 + 4 }),
    ),
    { ...inboundRecord(message({ waId: newNumber(), at: T0 }), 5n), value: Buffer.from('{') },
    inboundRecord(message({ waId: newNumber(), at: T0 }), 6n, 'window'),
  ]);
  expect(await countOf('keyturn_consumed_total')).toEqual({
    applied: 2,
    touched: 1,
    'skipped no_identity_signal': 1,
    'skipped no_facet': 1,
    'dead_lettered store.data': 1,
    'dead_lettered event.undecodable': 1,
  });
  expect(await total('keyturn_consumer_passed_records_total')).toBe(7);
});

it('a batch that commits nothing counts nothing', async () => {
  const before = await total('keyturn_consumer_passed_records_total');
  const batch = records(message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' }));
  await apply(batch);
  partition -= 1; // the same place again: another member was there before
  await expect(apply(batch)).rejects.toMatchObject({ code: 'batch.superseded' });
  expect(await total('keyturn_consumer_passed_records_total')).toBe(before + 1);
  expect(await total('keyturn_consumed_total')).toBe(before + 1);
});

describe('webhook to blocked', () => {
  it('is from the arrival of the webhook that blocked, once a block', async () => {
    const before = await blocked();
    const waId = newNumber();
    await apply(
      records(
        message({ waId, at: T0, identityKeyHash: 'h1', receivedAt: iso(T0) }),
        message({ waId, at: T0 + 5, identityKeyHash: 'h2', receivedAt }),
        message({ waId, at: T0 + 6, identityKeyHash: 'h3', receivedAt }),
      ),
    );
    expect(await blocked()).toEqual({ ...before, count: before.count + 1, seconds: before.seconds + 3 });
  });

  it('a webhook that came long ago is counted apart: its age would hide how fast the line is', async () => {
    const before = await blocked();
    const waId = newNumber();
    await apply(
      records(
        message({ waId, at: T0, identityKeyHash: 'h1', receivedAt }),
        message({ waId, at: T0 + 5, identityKeyHash: 'h2', receivedAt: iso(T0) }),
      ),
    );
    expect(await blocked()).toEqual({ ...before, late: before.late + 1 });
  });

  it('a block by way of the directory is from the arrival of the webhook that the directory heard of', async () => {
    const before = await blocked();
    const [waId, next] = [newNumber(), newNumber()];
    await apply(records(message({ waId, at: T0, identityKeyHash: 'h1', receivedAt: iso(T0) })));
    await apply(records(numberChanged({ waId, at: T0 + 9, previous: { waId }, current: { waId: next }, receivedAt })));
    const { rows } = await database.pool.query<{ key: string; value: Buffer; headers: Record<string, string> }>(
      `select key, value, headers from outbox where topic = $1 and headers->>'event-type' = 'contact.number_changed' order by position`,
      [contactEvents.name],
    );
    const told = rows.map(({ key, value, headers: own }, i) => ({ offset: BigInt(i), key, value, headers: own, timestamp: NOW.getTime() }));
    expect(told.map((record) => record.headers[headers.receivedAt])).toEqual([receivedAt]);
    await apply(told, contactEvents);
    expect(await blocked()).toEqual({ ...before, count: before.count + 1, seconds: before.seconds + 3 });
  });
});
