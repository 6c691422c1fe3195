import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { T0, until } from '@keyturn/testkit';
import { identity } from '../consume/identity-consumer.fixture.ts';
import { identityRepository } from '../slices/identity-repository.ts';
import { asDefinition, bad, broken, type Letters, lettersWorld, newNumber, recordsOf } from './letters.fixture.ts';

let world: Letters;
let running: { stop(): Promise<void> } | undefined;
beforeAll(async () => {
  world = await lettersWorld();
});
afterEach(() => running?.stop());
afterAll(() => world.close());

type Save = Parameters<typeof identityRepository.save>;
/** Fails for everybody with this hash, as something does that may be over later. */
const failingFor = (hash: string, fail: (tx: Save[0]) => Promise<unknown>) =>
  asDefinition({
    ...identity,
    repository: {
      ...identityRepository,
      async save(...[tx, changed]: Save) {
        if (JSON.stringify(changed).includes(hash)) await fail(tx);
        return identityRepository.save(tx, changed);
      },
    },
  });

let partition = 0;
const lettersOf = async (...hashes: string[]) => {
  partition += 1;
  await world.live(broken, recordsOf(...hashes.map((hash) => bad(newNumber(), T0, hash))), partition);
  return world.open(partition);
};

it.each([
  [
    'a statement that takes too long',
    'store.unavailable',
    'statement timeout',
    async (tx: Save[0]) => {
      await tx.query("set local statement_timeout = '20ms'");
      await tx.query('select pg_sleep(10)');
    },
  ],
  [
    'contacts that never stand still',
    'batch.contact_moved',
    'moved',
    () => Promise.reject(new AppError('batch.contact_moved', 'a contact moved')),
  ],
])('%s for ever holds up no other letter: it is open again with its cause', async (_what, code, cause, fail) => {
  const first = await lettersOf('h1', 'stuck', 'h2', 'stuck', 'h3');
  const second = await lettersOf('h1');
  await world.redrive([...first, ...second]);
  running = world.redriver(failingFor('stuck', fail), [partition - 1, partition]);
  await world.settled(second);
  await world.settled(first);
  expect(await world.statusesOf(first)).toEqual(['redriven', 'open', 'redriven', 'open', 'redriven']);
  expect(await world.open(partition - 1)).toMatchObject([1, 3].map(() => ({ code, cause: expect.stringContaining(cause), attempts: 2 })));
});

it('a letter is not open again for what is soon over: it is applied', async () => {
  const letters = await lettersOf('h1', 'late');
  let failures = 0;
  const late = failingFor('late', async () => {
    if (++failures <= 3) throw new AppError('store.unavailable', 'away');
  });
  await world.redrive(letters);
  running = world.redriver(late, partition);
  await world.settled(letters);
  expect(await world.statusesOf(letters)).toEqual(['redriven', 'redriven']);
});

it('while a partition fails, the others are read again in the same turn', async () => {
  const [first, second] = [await lettersOf('stuck'), await lettersOf('h1')];
  const atEachFailure: string[][] = [];
  const definition = failingFor('stuck', async () => {
    atEachFailure.push(await world.statusesOf(second));
    throw new AppError('store.unavailable', 'away');
  });
  await world.redrive([...first, ...second]);
  running = world.redriver(definition, [partition - 1, partition]);
  await until('the first has failed twice', () => atEachFailure.length > 1);
  expect(atEachFailure.slice(0, 2)).toEqual([['requested'], ['redriven']]);
});
