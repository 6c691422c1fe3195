import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { inboundRecord, status, T0 } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { type Batches, batchesWorld } from '../consume/apply-batch.fixture.ts';
import { applyBatch } from '../consume/apply-batch.ts';
import { contactConsumer } from '../consumers.ts';
import { NOW } from '../directory/directory.fixture.ts';
import { moveScope } from '../scopes/move-scope.ts';

let world: Batches;
beforeAll(async () => {
  world = await batchesWorld();
});
afterAll(() => world.close());

const [WABA, BSUID] = ['2100001', 'DE.moved1'];
const says = (at: number) => {
  world.partition += 1;
  const record = inboundRecord(status({ bsuid: BSUID, wabaId: WABA, phoneNumberId: '3100001', at: T0 + at }), 0n, 'status');
  return applyBatch(world.shellOf(), contactConsumer, world.runOf([record]));
};

it('what is said only of messages of ours is known in the words of the scope that their WABA is in now, whoever moved it', async () => {
  const recorded = [{ kind: 'skipped', reason: 'recorded' }];
  expect(await says(1)).toEqual(recorded);
  const asked = { wabaId: WABA, to: 'portfolio', actor: 'key:1', reason: 'test', preview: false, now: NOW, newContactId: v7 };
  await moveScope(world.pool(1), asked);
  expect(await says(2)).toEqual(recorded);
  const rows = await world.query<{ identifier: string }>('select identifier from outbound_status order by occurred_at');
  expect(rows.map(({ identifier }) => identifier)).toEqual([`u:portfolio:${BSUID}`, `u:portfolio:${BSUID}`]);
});
