import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeadLetterJson } from '@keyturn/contracts';
import { T0, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { transact } from '../database.ts';
import { deadLetterProgress, listDeadLetters, readDeadLetter } from '../queries/dead-letters.ts';
import { pruneLetters } from './letter-upkeep.ts';
import { bad, broken, type Definition, type Letters, lettersWorld, newNumber, recordsOf, working } from './letters.fixture.ts';
import { claimLetters, concludeLetters } from './redriven-letters.ts';

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
describe('decisions', () => {
  it('name who, why and when, and refuse by name what is not open', async () => {
    await live(broken, recordsOf(...[1, 2, 3].map((at) => bad(newNumber(), T0 + at))));
    const letters = await world.open(partition);
    const [first, second, third] = letters.map(({ deadLetterId }) => deadLetterId) as [string, string, string];
    expect(await world.asked('discard', { ids: [first], reason: 'a test number' })).toMatchObject({ decided: 1, actor: 'key:test' });
    const nobody = v7();
    const mixed = await world.asked('redrive', { ids: [first, second, nobody] });
    expect(mixed).toMatchObject({ decided: 1 });
    expect(mixed.refused).toEqual([
      { deadLetterId: first, status: 'discarded' },
      { deadLetterId: nobody, status: 'not_found' },
    ]);
    await expect(world.asked('redrive', { ids: [nobody] })).rejects.toMatchObject({ code: 'dead_letter.not_found' });
    await expect(world.asked('redrive', { ids: [first, second] })).rejects.toMatchObject({
      code: 'dead_letter.conflict',
      detail: { refused: [{ status: 'discarded' }, { status: 'requested' }] },
    });
    expect(await world.statusesOf(letters)).toEqual(['discarded', 'requested', 'open']);
    redriver(working, partition);
    await world.settled([{ deadLetterId: second }]);
    expect(await world.statusesOf(letters)).toEqual(['discarded', 'redriven', 'open']);
    expect(await readDeadLetter(world.pool(), first)).toMatchObject({
      decision: { action: 'discard', reason: 'a test number', actor: 'key:test' },
    });
    expect(await deadLetterProgress(world.pool(), mixed.decisionId)).toMatchObject({
      letters: { redriven: 1, open: 0, requested: 0, discarded: 0 },
    });
    expect((await world.open(partition)).map(({ deadLetterId }) => deadLetterId)).toEqual([third]);
  });

  it.each(['redrive', 'discard'] as const)(
    'of several at once to %s a letter one is taken, and the letter has one decision',
    async (action) => {
      await live(broken, recordsOf(bad(newNumber(), T0)));
      const ids = (await world.open(partition)).map(({ deadLetterId }) => deadLetterId);
      const all = await Promise.allSettled([1, 2, 3, 4].map(() => world.asked(action, { ids })));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await readDeadLetter(world.pool(), ids[0] ?? ''))?.decisions).toHaveLength(1);
    },
  );

  it('discard also what is requested, where it is named: never what a redrive has in hand, and what it came to stays', async () => {
    await live(broken, recordsOf(...[1, 2].map((at) => bad(newNumber(), T0 + at))));
    const letters = await world.open(partition);
    const [waiting, inHand] = letters.map(({ deadLetterId }) => deadLetterId) as [string, string];
    await world.redrive(letters);
    await world.asked('discard', { filter: {} });
    expect(await world.statusesOf(letters)).toEqual(['requested', 'requested']);
    let discarding: Promise<unknown> | undefined;
    await transact(world.pool(), async (tx) => {
      await claimLetters(tx, [inHand]);
      expect(await world.asked('discard', { ids: [waiting] })).toMatchObject({ decided: 1, refused: [] });
      discarding = world.asked('discard', { ids: [inHand] });
      discarding.catch(() => {});
      await until('the discard waits', async () => {
        const waits = await world.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
        return waits.length > 0;
      });
      await concludeLetters(tx, [{ deadLetterId: inHand, outcome: 'applied' }]);
    });
    await expect(discarding).rejects.toMatchObject({ code: 'dead_letter.conflict', detail: { refused: [{ status: 'redriven' }] } });
    expect(await world.statusesOf(letters)).toEqual(['discarded', 'redriven']);
    await expect(transact(world.pool(), (tx) => claimLetters(tx, [waiting]))).rejects.toMatchObject({ code: 'batch.superseded' });
    expect((await readDeadLetter(world.pool(), waiting))?.decisions).toMatchObject([{ action: 'redrive' }, { action: 'discard' }]);
  });

  it('by filter are on those that it means, each once, page by page, and lists have each once', async () => {
    await world.query('truncate dead_letter');
    await world.query(
      `insert into dead_letter (dead_letter_id, group_id, topic, partition, "offset", headers, value, record_at, code, cause, stack, attempts, dead_lettered_at)
       select gen_random_uuid(), (array['identity', 'consent'])[1 + i % 2], 'whatsapp.inbound.v1', 1000, i, '{}', '{}', now(),
         (array['event.undecided', 'event.undecodable', 'store.data'])[1 + i % 3], '', '', 1, now()
       from generate_series(1, 30000) i`,
    );
    const ids: string[] = [];
    for (let after: string | null = null, page: DeadLetterJson[]; ; ids.push(...page.map(({ deadLetterId }) => deadLetterId))) {
      page = await listDeadLetters(world.pool(), { status: 'open', group: 'consent' }, 4_000, after);
      after = page.at(-1)?.deadLetterId ?? null;
      if (page.length === 0) break;
    }
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toHaveLength(15_000);
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const { decided, nextCursor } = await world.asked('discard', {
        filter: { code: 'event.undecided' },
        ...(cursor === undefined ? {} : { cursor }),
      });
      pages.push(decided);
      cursor = nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual([10_000, 0]);
    const counts = await world.query('select code, status, count(*)::int from dead_letter group by 1, 2 order by code collate "C"');
    expect(counts).toEqual([
      { code: 'event.undecided', status: 'discarded', count: 10_000 },
      { code: 'event.undecodable', status: 'open', count: 10_000 },
      { code: 'store.data', status: 'open', count: 10_000 },
    ]);
    await world.query('truncate dead_letter');
  });
});

it('after 30 days it is gone, once, and said to be lost if nobody decided; what was decided on it stays', async () => {
  await world.query('truncate dead_letter');
  await live(broken, recordsOf(...[1, 2].map((at) => bad(newNumber(), T0 + at))));
  const letters = await world.open(partition);
  const { decisionId } = await world.asked('discard', { ids: [letters[0]?.deadLetterId] });
  const later = (days: number) => new Date(Date.now() + days * 86_400_000);
  expect(await pruneLetters(world.pool(), later(29.9))).toEqual({ removed: 0, open: 0 });
  const pruned = await Promise.all([pruneLetters(world.pool(), later(30.1)), pruneLetters(world.pool(1), later(30.1))]);
  expect(pruned.map(({ removed }) => removed).sort()).toEqual([0, 2]);
  expect(pruned.map(({ open: lost }) => lost).sort()).toEqual([0, 1]);
  expect(await world.statusesOf(letters)).toEqual([]);
  expect(await deadLetterProgress(world.pool(), decisionId)).toMatchObject({ reason: 'mended', letters: { discarded: 0 } });
});
