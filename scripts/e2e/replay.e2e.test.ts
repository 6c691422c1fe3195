import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { account, allTopics, type ContactJson, inbound, webhooks } from '@keyturn/contracts';
import { bodyOf as sampleOf, samples } from '../webhooks/fixtures.ts';
import { type Line, startLine } from './line.ts';
import { bodyOf, type Person, system, text } from './payload.ts';
import { eventsOf, everything, find, keptRecord, now, replayed } from './replay.fixture.ts';
import { seededRun } from './seeded-run.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
});
afterAll(() => line.stop());

type Change = { readonly contactId: string; readonly slice: string; readonly type: string; readonly after: unknown };
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
    const [again, first] = Object.values(Object.groupBy(await eventsOf(line, name), ({ by }) => (by === '' ? 'first' : 'again')))
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
});

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
});

it('what the consumers never got is applied as if it had come in time, and says by which replay', async () => {
  const [lost, inTime] = ['4915111110001', '4915111110002'];
  const from = await now(line);
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
  const to = await now(line);
  for (const seconds of [0, 60]) expect(await line.post(bodyOf([text({ waId: inTime }, seconds, `h${seconds}`)]))).toBe(200);
  await line.settled();
  expect([(await find(line, lost))?.identity.status, (await find(line, inTime))?.identity.status]).toEqual(['unknown', 'blocked']);

  const { code, out } = await replayed(line, '--from', from, '--to', to, '--reason', 'a gap');
  expect([code, out]).toEqual([0, 'Replayed: 2 webhooks of 2 read, 2 events published.\n         2 message.received']);
  await line.settled();
  const [mended, expected] = [await find(line, lost), await find(line, inTime)];
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
});

it('a dry run says what the replay then does, and does nothing', async () => {
  const people = ['4915111110021', '4915111110022', '4915111110023', '4915111110024'].map((waId) => ({ waId }));
  const [ada, bob, eve, kim] = people as [Person, Person, Person, Person];
  for (const person of [ada, bob, eve]) expect(await line.post(bodyOf([text(person, 0, 'h1')]))).toBe(200);
  await line.settled();
  const from = await now(line);
  const lost = [
    [text(ada, 60, 'h2'), text(ada, 0, 'h1')], // in one webhook, so that they come in one batch: of what a batch does only its end is in the journal
    [text(bob, 60, 'h1', { text: { body: 'STOP' } })],
    [system(eve, 60, { type: 'user_changed_number', body: 'changed', wa_id: '4915111110025' })],
    [text(kim, 60, 'h1'), text(kim, 90, 'h2')],
  ];
  await line.write(webhooks.name, ...lost.map((items) => keptRecord(bodyOf(items), from)));
  const before = await everything(line);
  const { code, out, err } = await replayed(line, '--dry-run', '--from', from);
  expect([code, err]).toEqual([0, expect.stringMatching(/^Webhooks read: /)]);
  const dry = JSON.parse((await replayed(line, '--dry-run', '--from', from, '--json')).out);
  expect(await everything(line)).toEqual(before);
  const who = (await find(line, ada.waId ?? ''))?.contactId;
  expect(out).toMatch(/^Dry run: 4 webhooks of 4 read, 6 events would be published. Nothing was changed.\n/);
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
  const kimsId = (await find(line, kim.waId ?? ''))?.contactId;
  expect(answers(known)).toEqual(answers(journal.filter(({ contactId }) => contactId !== kimsId)));
});
