import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ContactDirectoryEvent, contactEvents } from '@keyturn/contracts';
import { message, T0 } from '@keyturn/testkit';
import { identityRepository } from '../slices/identity-repository.ts';
import { type Batches, batchesWorld, contactOf, newNumber, recordsOf } from './apply-batch.fixture.ts';
import { applyBatch } from './apply-batch.ts';
import { identity } from './identity-consumer.fixture.ts';

let world: Batches;
beforeAll(async () => {
  world = await batchesWorld();
});
afterAll(() => world.close());

it('somebody who held what an event names, and no longer does once the rows are locked, is looked at anew: nobody is told of unasked', async () => {
  const [left, stays] = [newNumber(), newNumber()];
  const ended = await applyBatch(
    world.shellOf(),
    identity,
    world.runOf(recordsOf(...[left, stays].map((waId) => message({ waId, at: T0, identityKeyHash: 'h1' })))),
  );
  const [leaver, taker] = [contactOf(ended, 0), contactOf(ended, 1)];
  const [told] = await world.query<{ key: string; value: Buffer; headers: Record<string, string> }>(
    'select key, value, headers from outbox where topic = $1 and key = $2',
    [contactEvents.name, taker],
  );
  const event = JSON.parse(String(told?.value)) as ContactDirectoryEvent;
  const moves = [{ kind: 'wa_id', value: left, identifier: `w:${left}`, from: null, to: null, leaves: taker, joins: taker }];
  const record = {
    key: taker,
    value: Buffer.from(JSON.stringify({ ...event, moves })),
    headers: told?.headers ?? {},
    offset: 0n,
    timestamp: 0,
  };
  let looks = 0;
  const interrupted = {
    ...identity,
    topics: [contactEvents],
    repository: {
      ...identityRepository,
      async load(...args: Parameters<typeof identityRepository.load>) {
        if (looks++ === 0) await world.pool(1).query('update identifier_period set contact_id = $1 where contact_id = $2', [taker, leaver]);
        return identityRepository.load(...args);
      },
    },
  };
  world.partition += 1;
  const run = { ...world.runOf([record]), topic: contactEvents };
  expect(await applyBatch(world.shellOf(), interrupted, run)).toEqual([{ kind: 'applied', contactId: taker }]);
  expect(looks).toBe(2);
});
