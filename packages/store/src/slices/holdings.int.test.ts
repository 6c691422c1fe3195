import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Holding, Who } from '@keyturn/domain';
import { message, T0 } from '@keyturn/testkit';
import { type Batches, batchesWorld, contactOf, newNumber, recordsOf } from '../consume/apply-batch.fixture.ts';
import { applyBatch } from '../consume/apply-batch.ts';
import { identity } from '../consume/identity-consumer.fixture.ts';
import { transact } from '../database.ts';
import type { Repository } from '../repository.ts';
import { consentRepository } from './consent-repository.ts';
import { contactRepository } from './contact-repository.ts';
import { identityRepository } from './identity-repository.ts';

let world: Batches;
let [one, survivor]: string[] = [];
beforeAll(async () => {
  world = await batchesWorld();
  const events = [0, 1].map((i) => message({ waId: newNumber(), at: T0 + i, identityKeyHash: 'h1' }));
  const ended = await applyBatch(world.shellOf(), identity, world.runOf(recordsOf(...events)));
  [one, survivor] = [contactOf(ended, 0), contactOf(ended, 1)];
});
afterAll(() => world.close());

const held: Holding = { identifier: 'w:1', from: Number.NEGATIVE_INFINITY, to: 7 };

it.each<[string, Repository<never, never>]>([
  ['contact', contactRepository as never],
  ['identity', identityRepository as never],
  ['consent', consentRepository as never],
])('%s: what the directory says is kept with the row; where it was not asked, what it said last stays', async (_slice, repository) => {
  const save = (who: Pick<Who, 'holdings' | 'mergedInto'> | null) =>
    transact(world.pool(), async (tx) => {
      const contactId = one as string;
      const stored = (await repository.load(tx, [contactId])).get(contactId);
      if (stored === undefined) throw new Error('the row was not made');
      await repository.save(tx, [{ contactId, stored, who, told: [], actor: '', recordedAt: '2026-11-23T12:00:00.000Z' }]);
      const { holdings, mergedInto } = (await repository.load(tx, [contactId])).get(contactId) ?? {};
      return { holdings, mergedInto };
    });
  const merged = { holdings: [held], mergedInto: survivor as string };
  expect(await save(merged)).toEqual(merged);
  expect(await save(null)).toEqual(merged);
  expect(await save({ holdings: [], mergedInto: null })).toEqual({ holdings: [], mergedInto: null });
});
