import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { account, allTopics, type ContactJson, inbound, webhooks } from '@keyturn/contracts';
import { connectKafka, createLog, kafkaConfig } from '@keyturn/runtime';
import { bodyOf as sampleOf, samples } from '../webhooks/fixtures.ts';
import { type Line, startLine } from './line.ts';
import { bodyOf, type Person, system, text } from './payload.ts';
import { begin, everything, keptRecord, replayed, webhookIdOf } from './replay.fixture.ts';
import { seededRun } from './seeded-run.ts';
import { until } from './until.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
}, 60_000);
afterAll(() => line.stop(), 60_000);

const find = async (waId: string) => (await line.api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { waId })).body.items[0];
type Change = { readonly contactId: string; readonly slice: string; readonly type: string; readonly after: unknown };
const now = async () => (await line.query<{ at: Date }>('select now() as at'))[0]?.at.toISOString() ?? '';
const eventsOf = async (topic: string) =>
  (await line.read(topic)).map(({ value, headers }) => ({ event: JSON.parse(String(value)), by: String(headers?.['replay-id'] ?? '') }));
/** How many records each topic has that is not written by a replay, the sweep's repetitions apart. */
const counts = async (): Promise<Record<string, number>> => {
  const others = allTopics.filter(({ name }) => name !== inbound.name && name !== account.name);
  const each = others.map(
    async ({ name }) => [name, (await line.read(name)).filter(({ headers }) => headers?.republished === undefined).length] as const,
  );
  return Object.fromEntries(await Promise.all(each));
};

it('everything replayed over the present state changes nothing: no row, no journal entry, no version, nothing told', async () => {
  for (const sample of samples) expect(await line.post(sampleOf(sample))).toBe(200);
  await seededRun(line, 7, { persons: 12, numbers: 9, rounds: 1, turns: 160 }); // numbers change hands, and somebody decides, both ways
  const contacts = await line.query<{ contact_id: string; value: string }>(
    `select distinct on (contact_id) contact_id, substr(identifier, 3) as value from identifier_period join contact using (contact_id)
     where identifier like 'w:%' and "to" = 'infinity' and merged_into is null order by contact_id limit 8`,
  );
  for (const { contact_id, value } of contacts) {
    const block = await line.api('PUT', `/v1/contacts/${contact_id}/business-block`, { reason: 'abuse' });
    expect([block.status, await line.post(bodyOf([text({ waId: value }, 100_000)]))]).toEqual([200, 200]); // the blocked write on
  }
  await line.settled();
  const [before, told] = [await everything(line), await counts()];
  expect(before.journal?.length).toBeGreaterThan(150);
  const { code, out, err } = await replayed(line, '--all', '--reason', 'to see that nothing changes', '--rate', '100000', '--json');
  expect([code, err]).toEqual([0, expect.stringMatching(/^Replay .+ go on with: keyturn replay --resume .+\nWebhooks read: /)]);
  await line.settled();
  expect(await everything(line)).toEqual(before);
  expect(await counts()).toEqual(told);

  const dry = JSON.parse((await replayed(line, '--dry-run', '--all', '--rate', '100000', '--json')).out);
  expect([dry.changes, dry.contacts, dry.differences]).toEqual([{}, { known: 0, new: 0 }, []]);
  for (const counts of Object.values<object>(dry.ended))
    expect(Object.keys(counts).filter((outcome) => !outcome.startsWith('skipped_'))).toEqual([]);
  expect(await everything(line)).toEqual(before);

  const report = JSON.parse(out);
  const bodies = told[webhooks.name];
  expect(report).toMatchObject({ webhooks: bodies, chosen: bodies, tooLarge: 0, foreign: 0, gone: 0, cutBefore: null, unrecognized: null });
  for (const { name } of [inbound, account]) {
    const [again, first] = Object.values(Object.groupBy(await eventsOf(name), ({ by }) => (by === '' ? 'first' : 'again')))
      .sort((a, b) => b.length - a.length)
      .toReversed();
    const told = (some: typeof again) => some?.map(({ event }) => JSON.stringify(event)).sort();
    expect(told(again)).toEqual(told(first)); // ids, times and all
  }
  const [row] = await line.query('select * from replay join replay_progress using (replay_id) where replay_id = $1', [report.replayId]);
  expect(row).toMatchObject({
    actor: 'cli:ada',
    role: 'keyturn',
    reason: 'to see that nothing changes',
    counts: { events: report.events },
    ended_at: expect.any(Date),
  });
}, 180_000);

it('of what came late over a decision a replay may know more, and blocks; it releases nobody, and a second changes nothing', async () => {
  const blocked = async () =>
    (await line.query<{ contact_id: string }>(`select contact_id from identity_state where status = 'blocked' order by 1`)).map(
      (row) => row.contact_id,
    );
  await seededRun(line, 8, { persons: 12, numbers: 9, rounds: 3, turns: 60 });
  const before = await blocked();
  expect(await replayed(line, '--all', '--reason', 'once', '--rate', '100000')).toMatchObject({ code: 0 });
  await line.settled();
  expect(await blocked()).toEqual(expect.arrayContaining(before));
  const once = await everything(line);
  expect(await replayed(line, '--all', '--reason', 'twice', '--rate', '100000')).toMatchObject({ code: 0 });
  await line.settled();
  expect(await everything(line)).toEqual(once);
}, 180_000);

it('what the consumers never got is applied as if it had come in time, and says by which replay', async () => {
  const [lost, inTime] = ['4915111110001', '4915111110002'];
  const from = await now();
  const gap = await line.pool.connect();
  await gap.query('begin; lock table keyturn.consumer_offset in share row exclusive mode'); // nobody applies anything
  for (const seconds of [0, 60]) expect(await line.post(bodyOf([text({ waId: lost }, seconds, `h${seconds}`)]))).toBe(200);
  const ends = await line.ends(inbound.name);
  for (const { partition, high } of ends)
    await gap.query(`update keyturn.consumer_offset set next_offset = $1 where topic = $2 and partition = $3`, [
      high,
      inbound.name,
      partition,
    ]);
  await gap.query('commit');
  gap.release();
  const to = await now();
  for (const seconds of [0, 60]) expect(await line.post(bodyOf([text({ waId: inTime }, seconds, `h${seconds}`)]))).toBe(200);
  await line.settled();
  expect([(await find(lost))?.identity.status, (await find(inTime))?.identity.status]).toEqual(['unknown', 'blocked']);

  const { code, out } = await replayed(line, '--from', from, '--to', to, '--reason', 'a gap');
  expect([code, out]).toEqual([0, 'Replayed: 2 webhooks of 2 read, 2 events published.\n         2 message.received']);
  await line.settled();
  const [mended, expected] = [await find(lost), await find(inTime)];
  const answers = ({ identity, consent, firstSeenAt, lastSeenAt, serviceWindows }: ContactJson) => ({
    ...{ consent, firstSeenAt, lastSeenAt, serviceWindows },
    ...{ status: identity.status, keyHashes: identity.keyHashes, evidence: identity.evidence.length },
  });
  expect(mended && answers(mended)).toEqual(expected && answers(expected));
  const causes = await line.query<{ replay: string | null }>(
    `select distinct cause->>'replayId' as replay from journal where contact_id = $1 and slice = 'identity'`,
    [mended?.contactId],
  );
  expect(causes).toEqual([{ replay: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
}, 120_000);

it('a dry run says what the replay then does, and does nothing', async () => {
  const people = ['4915111110021', '4915111110022', '4915111110023', '4915111110024'].map((waId) => ({ waId }));
  const [ada, bob, eve, kim] = people as [Person, Person, Person, Person];
  for (const person of [ada, bob, eve]) expect(await line.post(bodyOf([text(person, 0, 'h1')]))).toBe(200);
  await line.settled();
  const from = await now();
  const lost = [
    [text(ada, 60, 'h2')],
    [text(bob, 60, 'h1', { text: { body: 'STOP' } })],
    [system(eve, 60, { type: 'user_changed_number', body: 'changed', wa_id: '4915111110025' })],
    [text(kim, 60, 'h1'), text(kim, 90, 'h2')],
    [text(ada, 0, 'h1')],
  ];
  await line.write(webhooks.name, ...lost.map((items) => keptRecord(bodyOf(items), from)));
  const before = await everything(line);
  const { code, out, err } = await replayed(line, '--dry-run', '--from', from);
  expect([code, err]).toEqual([0, expect.stringMatching(/^Webhooks read: /)]);
  const dry = JSON.parse((await replayed(line, '--dry-run', '--from', from, '--json')).out);
  expect(await everything(line)).toEqual(before);
  const who = (await find(ada.waId ?? ''))?.contactId;
  expect(out).toMatch(/^Dry run: 5 webhooks of 5 read, 6 events would be published. Nothing was changed.\n/);
  expect(out).toContain(`${who}  identity  status clear → blocked`);

  const { replayId } = JSON.parse((await replayed(line, '--from', from, '--reason', 'as rehearsed', '--json')).out);
  await line.settled();
  const journal = await line.query<Change>(
    `select contact_id as "contactId", slice, type, after from journal where cause->>'replayId' = $1 order by entry_id`,
    [replayId],
  );
  const byType = Object.groupBy(journal, ({ slice, type }) => `${slice} ${type}`);
  expect(dry.changes).toEqual(Object.fromEntries(Object.entries(byType).map(([what, some]) => [what, some?.length])));
  expect(dry.contacts).toEqual({ known: 3, new: 1 });
  const answers = (some: readonly Change[]) =>
    Object.fromEntries(some.map(({ contactId, slice, after }) => [`${contactId} ${slice}`, after]));
  const known = dry.differences.filter(({ isNew }: { isNew: boolean }) => !isNew);
  const kimsId = (await find(kim.waId ?? ''))?.contactId;
  expect(answers(known)).toEqual(answers(journal.filter(({ contactId }) => contactId !== kimsId)));
}, 60_000);

it('of a person only what names them is published, in any spelling', async () => {
  const from = await now();
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
  const mine = (await eventsOf(inbound.name)).filter(({ by }) => by === replayId).map(({ event }) => event.waId ?? event.bsuid);
  expect([events, mine.sort()]).toEqual([2, ['551155501234', 'DE.replayed']]);
}, 60_000);

it('what was unrecognized and is known today is published; what is not, and what is gone, is said', async () => {
  const from = await now();
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
  expect([await find('4915111110004'), (await find('4915111110005'))?.lastSeenAt]).toEqual([undefined, expect.any(String)]);
}, 60_000);

it('what no ingress wrote is passed over; what was signed is replayed, be it what it may', async () => {
  const from = await now();
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
  expect(await find('4915111110007')).toBeUndefined();
}, 60_000);

it('live webhooks go first: while consumers have much to apply nothing is added, and what comes then stands before the rest', async () => {
  const from = await now();
  const bodies = Array.from({ length: 12 }, (_, i) =>
    bodyOf(Array.from({ length: 100 }, (_, j) => text({ waId: `49152${i}${String(j).padStart(6, '0')}` }, 0))),
  );
  for (const body of bodies) expect(await line.post(body)).toBe(200);
  await line.settled();
  const hold = await line.pool.connect();
  await hold.query('begin; lock table keyturn.consumer_offset in share mode'); // nobody applies anything, and anybody may look
  const child = begin(line, '--from', from, '--reason', 'under load', '--rate', '100000', '--json');
  const said: string[] = [];
  createInterface(child.stderr).on('line', (one) => said.push(one));
  let out = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  await until('the replay waits', async () => said.some((one) => /waits, for \w+ has records of whatsapp.inbound.v1 to apply/.test(one)));
  expect(await line.post(bodyOf([text({ waId: '4915111110008' }, 0)]))).toBe(200);
  await hold.query('commit');
  hold.release();
  await once(child, 'close');
  await line.settled();
  const { replayId, events } = JSON.parse(out);
  const records = await line.read(inbound.name);
  const live = Number(records.find(({ value }) => String(value).includes('4915111110008'))?.timestamp);
  const before = records.filter(
    ({ headers, timestamp }) => String(headers?.['replay-id']) === replayId && Number(timestamp) <= live,
  ).length;
  expect([child.exitCode, events]).toEqual([0, 1_200]);
  expect(before).toBeLessThanOrEqual(700); // those that may wait, one chunk, and one more that had looked already
}, 120_000);

it('killed, it goes on where it was: everything is there in the end, and who did what is on record', async () => {
  const from = await now();
  for (let i = 0; i < 300; i++) expect(await line.post(bodyOf([text({ waId: `4915300${String(i).padStart(6, '0')}` }, 0)]))).toBe(200);
  const child = begin(line, '--from', from, '--reason', 'to be killed', '--rate', '100');
  const said: string[] = [];
  createInterface(child.stderr).on('line', (one) => said.push(one));
  await until(
    'it is under way',
    async () =>
      (
        await line.query(
          `select from replay_progress join replay using (replay_id) where reason = 'to be killed' and (counts->>'events')::int between 1 and 250`,
        )
      ).length > 0,
  );
  child.kill('SIGKILL');
  await once(child, 'close');
  const id = /--resume (\S+)/.exec(said[0] ?? '')?.[1] ?? '';
  const { code, out } = await replayed(line, '--resume', id, '--by', 'grace', '--rate', '100000', '--json');
  const report = JSON.parse(out);
  expect(code).toBe(0);
  expect(report.webhooks).toBeLessThan(300);
  const mine = (await eventsOf(inbound.name)).filter(({ by }) => by === id || by === report.replayId).map(({ event }) => event.id);
  expect(new Set(mine).size).toBe(300);
  const rows = await line.query(
    'select continues, actor, reason, ended_at is null as cut from replay join replay_progress using (replay_id) where replay_id in ($1, $2) order by requested_at',
    [id, report.replayId],
  );
  expect(rows).toEqual([
    { continues: null, actor: 'cli:ada', reason: 'to be killed', cut: true },
    { continues: id, actor: 'cli:grace', reason: 'to be killed', cut: false },
  ]);
  expect(await replayed(line, '--resume', report.replayId)).toMatchObject({ code: 3, err: expect.stringContaining('is left to do') });
}, 120_000);

it('what can no longer be reached ends it, with what to go on with', async () => {
  const from = await now();
  expect(await line.post(bodyOf([text({ waId: '4915111110031' }, 0)]))).toBe(200);
  const hold = await line.pool.connect();
  await hold.query('begin; lock table keyturn.consumer_offset in access exclusive mode');
  const cut = replayed(line, '--from', from, '--reason', 'to be cut off');
  const waiting = `from pg_stat_activity where application_name = 'keyturn-replay' and wait_event_type = 'Lock'`;
  await until('it asks how far the consumers are', async () => (await line.query(`select ${waiting}`)).length > 0);
  await line.query(`select pg_terminate_backend(pid) ${waiting}`);
  const { code, err } = await cut;
  await hold.query('commit');
  hold.release();
  const [, id] = /Go on with: keyturn replay --resume (\S+)/.exec(err) ?? [];
  expect([code, id]).toEqual([6, expect.any(String)]);
  const rest = await replayed(line, '--resume', id ?? '', '--json');
  expect([rest.code, JSON.parse(rest.out).events]).toEqual([0, 1]);
}, 60_000);

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
  const admin = connectKafka(
    kafkaConfig({ KAFKA_BROKERS: line.kafka.brokers.join(','), KAFKA_PREFIX: line.kafka.prefix }),
    createLog('test', { level: 'silent' }),
  ).admin();
  await admin.connect();
  const name = line.kafka.prefix + webhooks.name;
  const partitions = (await admin.fetchTopicOffsets(name)).map(({ partition, high }) => ({ partition, offset: String(Number(high) - 5) }));
  await admin.deleteTopicRecords({ topic: name, partitions });
  await admin.disconnect();
  const { code, out } = await replayed(line, '--all', '--reason', 'the rest');
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /^Replayed: 30 webhooks of 30 read[\s\S]*Kafka no longer has all that came in before 20\d\d-.+Z: what is older than 7 days can't be replayed\.$/,
    ),
  ]);
}, 60_000);
