import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { account, inbound, webhooks } from '@keyturn/contracts';
import { connectKafka, createLog, kafkaConfig } from '@keyturn/runtime';
import { type Line, startLine } from './line.ts';
import { bodyOf, text } from './payload.ts';
import { eventsOf, find, keptRecord, now, replayed, webhookIdOf } from './replay.fixture.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
});
afterAll(() => line.stop());

it('of a person only what names them is published, in any spelling', async () => {
  const from = await now(line);
  expect(
    await line.post(bodyOf([text({ waId: '551155501234' }, 0), text({ waId: '4915111110003' }, 0), text({ bsuid: 'DE.replayed' }, 0)])),
  ).toBe(200);
  const { out } = await replayed(
    line,
    '--from',
    from,
    '--wa-id',
    '+55 11 95550-1234',
    '--bsuid',
    'DE.replayed',
    '--reason',
    'ticket 4711',
    '--json',
  );
  const { replayId, events } = JSON.parse(out);
  const mine = (await eventsOf(line, inbound.name)).filter(({ by }) => by === replayId).map(({ event }) => event.waId ?? event.bsuid);
  expect([events, mine.sort()]).toEqual([2, ['551155501234', 'DE.replayed']]);
});

it('what was unrecognized and is known today is published; what is not, and what is gone, is said', async () => {
  const from = await now(line);
  const known = bodyOf([text({ waId: '4915111110004' }, 0), text({ waId: '4915111110005' }, 0)]);
  const still = bodyOf([text({ waId: '4915111110006' }, 0, undefined, { type: 'hologram' })]);
  expect(await line.post(still)).toBe(200);
  await line.write(webhooks.name, keptRecord(known, from)); // as a release kept it that knew nothing of its second change
  for (const body of [known, 'whose body is gone']) {
    const event = {
      type: 'webhook.unrecognized',
      id: `of ${body.length}`,
      reason: 'field',
      occurredAt: from,
      receivedAt: from,
      source: { webhookId: webhookIdOf(body), path: '/entry/0/changes/1' },
    };
    const headers = { 'event-type': event.type, 'occurred-at': from, facets: '' };
    await line.write(account.name, { key: Buffer.from('200000000000001'), value: Buffer.from(JSON.stringify(event)), headers });
  }
  const { code, out } = await replayed(line, '--unrecognized', '--from', from, '--reason', 'this release knows it');
  expect([code, out.split('\n')]).toEqual([
    0,
    [
      'Replayed: 1 webhook of 2 read, 1 event published.',
      '         1 message.received',
      '1 webhook with something unrecognized: Kafka no longer has the body.',
      '1 webhook with something that this release does not know either.',
    ],
  ]);
  await line.settled();
  expect([await find(line, '4915111110004'), (await find(line, '4915111110005'))?.lastSeenAt]).toEqual([undefined, expect.any(String)]);
});

it('what no ingress wrote is passed over; what was signed is replayed, be it what it may', async () => {
  const from = await now(line);
  const forged = bodyOf([text({ waId: '4915111110007' }, 0)]);
  const { key, value, headers } = keptRecord(forged, from);
  const unsigned = { 'received-at': from };
  await line.write(
    webhooks.name,
    { key: Buffer.from('another key'), value, headers: headers ?? {} },
    { key, value, headers: unsigned },
    { key, value, headers: { ...headers, 'received-at': 'yesterday' } },
    { key: null, value: null },
    { key: Buffer.from([0xff]), value: Buffer.from([0xff, 0xfe, 0]) },
  );
  for (const body of ['no json', '[]', '\u{feff}{"object":1}', JSON.stringify({ entry: [{ changes: [{ value: '__proto__' }] }] })])
    expect(await line.post(body)).toBe(200);
  const { code, out } = await replayed(line, '--from', from, '--reason', 'among garbage', '--json');
  expect([code, JSON.parse(out)]).toEqual([
    0,
    expect.objectContaining({ foreign: 5, webhooks: 4, chosen: 4, byType: { 'webhook.unrecognized': 4 } }),
  ]);
  await line.settled();
  expect(await find(line, '4915111110007')).toBeUndefined();
});

it.each<[string, string[], RegExp]>([
  ['no webhooks are meant', ['--reason', 'x'], /Say which webhooks/],
  ['no reason is given', ['--all'], /--reason/],
  ['everything and something', ['--all', '--unrecognized', '--reason', 'x'], /Say which webhooks/],
  [
    'the end is before the beginning',
    ['--from', '2026-01-02T00:00:00Z', '--to', '2026-01-01T00:00:00Z', '--reason', 'x'],
    /not before --to/,
  ],
  ['an instant without a zone', ['--from', '2026-01-02T00:00:00', '--reason', 'x'], /2026-11-23T08:00:00Z/],
  ['another choice beside --resume', ['--resume', 'x', '--all'], /leave the other choices out/],
  ['a rate of nothing', ['--all', '--rate', '0', '--reason', 'x'], /from 1 to 100000/],
])('usage: %s', async (_what, args, says) => {
  expect(await replayed(line, ...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(says) });
});

it('what Kafka no longer has is said', async () => {
  for (let i = 0; i < 30; i++) expect(await line.post(bodyOf([text({ waId: `49154000000${i}` }, 0)]))).toBe(200);
  const admin = connectKafka(
    kafkaConfig({ KAFKA_BROKERS: line.kafka.brokers.join(','), KAFKA_PREFIX: line.kafka.prefix }),
    createLog('test', { level: 'silent' }),
  ).admin();
  await admin.connect();
  const name = line.kafka.prefix + webhooks.name;
  const logs = (await admin.fetchTopicOffsets(name)).filter(({ high }) => high !== '0');
  const partitions = logs.map(({ partition, high }) => ({ partition, offset: String(Number(high) - 1) }));
  await admin.deleteTopicRecords({ topic: name, partitions });
  await admin.disconnect();
  const { code, out } = await replayed(line, '--all', '--reason', 'the rest');
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /^Replayed: [1-6] webhooks of [1-6] read[\s\S]*Kafka no longer has all that came in before 20\d\d-.+Z: what is older than 7 days can't be replayed\.$/,
    ),
  ]);
});
