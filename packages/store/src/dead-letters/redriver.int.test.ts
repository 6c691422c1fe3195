import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactEvents, inbound } from '@keyturn/contracts';
import { identitySlice } from '@keyturn/domain';
import { inboundRecord, message, T0 } from '@keyturn/testkit';
import { applyBatch } from '../consume/apply-batch.ts';
import { identity } from '../consume/identity-consumer.fixture.ts';
import { nextOffsetOf } from '../consume/offsets.ts';
import { type Database, transact } from '../database.ts';
import { take } from '../directory/directory.fixture.ts';
import { readDeadLetter } from '../queries/dead-letters.ts';
import { identityRepository } from '../slices/identity-repository.ts';
import {
  asDefinition,
  bad,
  broken,
  counting,
  type Definition,
  failing,
  type Letters,
  lettersWorld,
  newNumber,
  PACE,
  recordsOf,
  unable,
  working,
} from './letters.fixture.ts';
import { readRequested } from './read-requested.ts';
import { claimLetters } from './redriven-letters.ts';

let world: Letters;
beforeAll(async () => {
  world = await lettersWorld();
});
afterAll(() => world.close());

let partition = 0;
let running: { stop(): Promise<void> }[] = [];
beforeEach(() => {
  partition += 1;
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
});
const live = (definition: Definition, records: Parameters<Letters['live']>[1], on = partition, index = 0) =>
  world.live(definition, records, on, index);
const redriver = (...args: Parameters<Letters['redriver']>): void => void running.push(world.redriver(...args));
const inOrder = (versions: readonly { version: number }[]) =>
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, i) => i + 1));

describe('a dead letter', () => {
  it('is listed with its cause, whom it is about and without a number; shown as the record was', async () => {
    const waId = newNumber();
    const event = bad(waId, T0, 'h1');
    await live(broken, recordsOf(event));
    const [letter] = await world.open(partition);
    expect(letter).toMatchObject({
      ...{ group: 'identity', topic: inbound.name, partition, offset: '0', code: 'event.undecided', attempts: 1, status: 'open' },
      ...{ eventType: 'message.received', occurredAt: event.occurredAt, outcome: null, decision: null },
      contactId: (await world.identityOf(waId)).contactId,
      cause: 'a fault of ours on number 491********00',
    });
    expect(JSON.stringify(letter)).not.toContain(waId);
    const shown = await readDeadLetter(world.pool(), letter?.deadLetterId ?? '');
    expect(shown).toMatchObject({ key: waId, event: JSON.parse(JSON.stringify(event)), headers: { 'event-type': 'message.received' } });
    expect(shown?.stack).toContain('a fault of ours');
    const [published] = await world.query<{ headers: Record<string, string> }>(
      'select headers from outbox where key = $1 and topic like $2',
      [waId, '%.dlt'],
    );
    expect(published?.headers).toMatchObject({ 'dead-letter-id': letter?.deadLetterId });
  });

  it('is kept whatever is in its key and headers: no text can stop the consumer', async () => {
    const text = 'a\u0000b\ud800c';
    const record = { ...inboundRecord(message({ waId: newNumber(), at: T0 }), 0n), key: text, value: Buffer.from('{') };
    expect(await live(working, [{ ...record, headers: { ...record.headers, odd: text } }])).toMatchObject([{ kind: 'dead_lettered' }]);
    expect(await world.open(partition)).toMatchObject([{ key: 'a\ufffdb\ufffdc', code: 'event.undecodable', contactId: null }]);
  });

  it('redriven after the mend, is as if it had been applied in time, but for the proof that it was not', async () => {
    const [late, intime] = [newNumber(), newNumber()];
    const told = (waId: string) => [
      message({ waId, at: T0, identityKeyHash: 'h1', wamid: `wamid.1.${waId}` }),
      bad(waId, T0 + 10, 'h2'),
      message({ waId, at: T0 + 20, identityKeyHash: 'h3', wamid: `wamid.3.${waId}` }),
    ];
    await live(broken, recordsOf(...told(late)));
    await live(working, recordsOf(...told(intime)));
    const offset = await nextOffsetOf(world.pool(), { group: 'identity', topic: inbound.name, partition });
    const letters = await world.open(partition);
    const decision = await world.redrive(letters);
    expect(decision).toMatchObject({ decided: 1, refused: [], nextCursor: null });
    redriver(working, partition);
    await world.settled(letters);
    const [after, expected] = [await world.identityOf(late), await world.identityOf(intime)];
    expect(after).toMatchObject({ status: 'blocked', keyHash: 'h3', keyHashes: expected.keyHashes });
    const places = (waId: string) => expect.objectContaining({ identifier: { kind: 'wa_id', value: waId } });
    expect(after.evidence.filter(({ kind }) => kind === 'undecided')).toEqual([places(late)]);
    const comparable = ({ evidence }: typeof after) =>
      evidence.filter(({ kind }) => kind !== 'undecided').map(({ identifier: _whose, eventId: _which, ...one }) => one);
    expect(comparable(after)).toEqual(comparable(expected));
    const journal = await world.journalOf(late);
    inOrder(journal);
    expect(journal.at(-1)?.cause).toMatchObject({ actor: 'system:identity', redriveId: decision.decisionId });
    expect(await readDeadLetter(world.pool(), letters[0]?.deadLetterId ?? '')).toMatchObject({
      ...{ status: 'redriven', outcome: 'applied', attempts: 2 },
      decisions: [{ action: 'redrive', actor: 'key:test', reason: 'mended' }],
    });
    expect(await nextOffsetOf(world.pool(), { group: 'identity', topic: inbound.name, partition })).toBe(offset);
  });

  it('is applied once, however often it is asked for, by however many members, while its contact goes on writing', async () => {
    const waIds = Array.from({ length: 6 }, newNumber);
    const EACH = 10;
    await live(broken, recordsOf(...waIds.flatMap((waId) => Array.from({ length: EACH }, (_, i) => bad(waId, T0 + i, 'h1')))));
    const letters = await world.open(partition);
    expect(letters).toHaveLength(waIds.length * EACH);
    const before = new Map(await Promise.all(waIds.map(async (waId) => [waId, (await world.identityOf(waId)).version] as const)));
    for (const index of [0, 1, 2]) redriver(counting, partition, index);
    const on = ++partition;
    const traffic = async (index: number) => {
      for (let i = 0; i < EACH; i++) {
        const at = T0 + 1_000 + index * EACH + i;
        await live(counting, recordsOf(...waIds.map((waId) => message({ waId, at, wamid: `wamid.live.${at}` }))), on + index, index);
      }
    };
    const twice = async () =>
      (await Promise.allSettled([world.redrive(letters), world.redrive(letters)])).filter(({ status }) => status === 'fulfilled');
    const [requests] = await Promise.all([twice(), traffic(1), traffic(2)]);
    partition += 2;
    expect(requests).toHaveLength(1);
    await world.settled(letters);
    expect(new Set(await world.statusesOf(letters))).toEqual(new Set(['redriven']));
    await expect(world.redrive(letters)).rejects.toMatchObject({ code: 'dead_letter.conflict' });
    for (const waId of waIds) {
      const journal = await world.journalOf(waId);
      inOrder(journal);
      expect(journal).toHaveLength((before.get(waId) ?? 0) + 3 * EACH);
    }
    const [attempts] = await world.query<{ most: number }>(
      'select max(attempts) as most from dead_letter where dead_letter_id = any($1::uuid[])',
      [letters.map(({ deadLetterId }) => deadLetterId)],
    );
    expect(attempts).toEqual({ most: 2 });
  });

  it('in the hands of one member is refused to the other, at once', async () => {
    await live(broken, recordsOf(bad(newNumber(), T0)));
    const letters = await world.open(partition);
    await world.redrive(letters);
    const read = () => readRequested(world.pool(), 'identity', inbound, partition, PACE);
    const run = { topic: inbound, partition, ...(await read()), attempt: 1 };
    await transact(world.pool(), async (tx) => {
      await claimLetters(tx, [letters[0]?.deadLetterId ?? '']);
      await expect(applyBatch(world.shellOf(1), counting, run)).rejects.toMatchObject({ code: 'batch.superseded' });
    });
    await applyBatch(world.shellOf(1), counting, run);
    await expect(applyBatch(world.shellOf(1), counting, run)).rejects.toMatchObject({ code: 'batch.superseded' });
    expect(await world.statusesOf(letters)).toEqual(['redriven']);
  });

  it('that fails again is open again, with the new cause, and nobody is blocked anew for it', async () => {
    const waId = newNumber();
    await live(broken, recordsOf(bad(waId, T0, 'h1')));
    const { version } = await world.identityOf(waId);
    const letters = await world.open(partition);
    await world.redrive(letters);
    redriver(failing, partition);
    await world.settled(letters);
    expect(await world.open(partition)).toMatchObject([{ attempts: 2, cause: 'another fault of ours', decision: { action: 'redrive' } }]);
    expect((await world.identityOf(waId)).version).toBe(version);
    await world.redrive(letters);
    await world.settled(letters);
    const shown = await readDeadLetter(world.pool(), letters[0]?.deadLetterId ?? '');
    expect(shown).toMatchObject({ attempts: 3, status: 'open', decisions: [{ action: 'redrive' }, { action: 'redrive' }] });
  });

  it('of however many contacts stops nobody when all fail again: live records go on', async () => {
    const waIds = Array.from({ length: 30 }, newNumber);
    for (const waId of waIds) await live(broken, recordsOf(bad(waId, T0, 'h1')));
    const letters = await world.open(partition);
    await world.redrive(letters);
    redriver(failing, partition);
    await world.settled(letters);
    expect(await world.open(partition)).toHaveLength(waIds.length);
    expect(await live(working, recordsOf(message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' })))).toMatchObject([
      { kind: 'applied' },
    ]);
  });

  it('whose member is cut off in the middle stays requested, changes nothing, and is taken up again', async () => {
    const waId = newNumber();
    await live(broken, recordsOf(bad(waId, T0, 'h1')));
    const letters = await world.open(partition);
    const before = await world.journalOf(waId);
    let cuts = 0;
    const cut = asDefinition({
      ...counting,
      repository: {
        ...identityRepository,
        async save(...[tx, changed]: Parameters<typeof identityRepository.save>) {
          await identityRepository.save(tx, changed);
          if (cuts++ > 0) return;
          expect(await world.statusesOf(letters)).toEqual(['requested']);
          await tx.query('select pg_terminate_backend(pg_backend_pid())');
        },
      },
    });
    await world.redrive(letters);
    redriver(cut, partition);
    await world.settled(letters);
    expect(cuts).toBe(2);
    expect(await world.journalOf(waId)).toHaveLength(before.length + 1);
  });

  it('that poisons its neighbours is found among them: they apply, it is open again', async () => {
    const waIds = Array.from({ length: 9 }, newNumber);
    await live(broken, recordsOf(...waIds.map((waId, i) => bad(waId, T0, i === 4 ? 'poison' : 'h1'))));
    const letters = await world.open(partition);
    const poisoned = asDefinition({
      ...identity,
      repository: {
        ...identityRepository,
        save(...[tx, changed]: Parameters<typeof identityRepository.save>) {
          if (JSON.stringify(changed).includes('poison')) throw new TypeError('a fault that has no name');
          return identityRepository.save(tx, changed);
        },
      },
    });
    await world.redrive(letters);
    redriver(poisoned, partition);
    await world.settled(letters);
    expect((await world.statusesOf(letters)).map((status) => status === 'open')).toEqual(waIds.map((_, i) => i === 4));
    expect(await world.open(partition)).toMatchObject([{ cause: 'a fault that has no name', attempts: 2 }]);
  });

  it('of the directory is followed as the directory has it when it is read again', async () => {
    const [somebody] = await take(world.databases[0] as Database, [{ type: 'item', carried: ['w:4915300000001'], at: 10 }]);
    const contactId = somebody?.contactId as string;
    const [told] = await world.query<{ value: Buffer; headers: Record<string, string> }>(
      'select value, headers from outbox where key = $1',
      [contactId],
    );
    const record = { offset: 0n, key: contactId, value: told?.value as Buffer, headers: told?.headers ?? {}, timestamp: 0 };
    const run = { topic: contactEvents, partition, records: [record], from: null, to: 1n, caughtUpAt: new Date(), attempt: 1 };
    expect(await applyBatch(world.shellOf(), unable, run)).toMatchObject([{ kind: 'dead_lettered', code: 'event.undecided' }]);
    const letters = await world.open(partition);
    expect(letters).toMatchObject([
      { topic: contactEvents.name, key: contactId, contactId, cause: expect.stringContaining('a fault of ours') },
    ]);
    const versions = async () =>
      (await world.query<{ version: number }>('select version from identity_state where contact_id = $1', [contactId]))[0]?.version;
    const blocked = await versions();
    await world.redrive(letters);
    redriver(unable, partition);
    await world.settled(letters);
    expect(await versions()).toBe(blocked);
    await running.pop()?.stop();
    await world.redrive(letters);
    redriver(working, partition);
    await world.settled(letters);
    expect(await world.statusesOf(letters)).toEqual(['redriven']);
    const [row] = await world.query<{ holdings: unknown[] }>('select holdings from identity_state where contact_id = $1', [contactId]);
    expect(row?.holdings).toHaveLength(1);
  });
});

it('a fault of ours for one directory event among many dead-letters that one, and the others are followed', async () => {
  const facts = Array.from({ length: 5 }, (_, i) => ({ type: 'item' as const, carried: [`w:491540000000${i}`] as const, at: 10 }));
  const contactIds = (await take(world.databases[0] as Database, facts)).map((one) => one?.contactId as string);
  const told = await world.query<{ key: string; value: Buffer; headers: Record<string, string> }>(
    'select key, value, headers from outbox where key = any($1) order by position',
    [contactIds],
  );
  const unlucky = contactIds[3] as string;
  const definition = asDefinition({
    ...identity,
    slice: {
      ...identitySlice,
      regroup(...[rows, where]: Parameters<typeof identitySlice.regroup>) {
        if (rows.has(unlucky)) throw new Error('a fault of ours');
        return identitySlice.regroup(rows, where);
      },
    },
  });
  const records = told.map((row, i) => ({ ...row, offset: BigInt(i), timestamp: 0 }));
  const run = { topic: contactEvents, partition, records, from: null, to: BigInt(records.length), caughtUpAt: new Date(), attempt: 1 };
  const ended = await applyBatch(world.shellOf(), definition, run);
  expect(ended.map(({ kind }) => kind === 'dead_lettered')).toEqual(told.map(({ key }) => key === unlucky));
  expect((await world.open(partition)).map(({ contactId }) => contactId)).toEqual([unlucky]);
});
