import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message, T0 } from '@keyturn/testkit';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';

const question = { phoneNumberId: OURS, to: '491711', category: 'utility' };
const reasons = async (world: GateWorld) => (await world.decide(question)).body.reasons.map(({ code }) => code);

describe('a database that is away', () => {
  let other: GateWorld;
  beforeAll(async () => {
    other = await gateWorld();
  });
  afterAll(() => other.stop());

  it('denies, and nothing is sent; it is asked again as soon as it is back', async () => {
    await other.says(message({ waId: '491711', phoneNumberId: OURS, identityKeyHash: 'h1', at: T0, wamid: 'wamid.491711' }));
    await other.pool.query('alter table consumer_offset rename to consumer_offset_away');
    expect(await reasons(other)).toEqual(['state_unreadable']);
    expect((await other.send({ messaging_product: 'whatsapp', to: '491711', type: 'text' })).status).toBe(503);
    expect(other.platform.requests).toEqual([]);
    await other.pool.query('alter table consumer_offset_away rename to consumer_offset');
    await other.current();
    expect((await other.decide(question)).body.decision).toBe('allow');
  });

  it('or silent takes no connection for longer than it is waited for: keys are still known over the two that there are', async () => {
    const narrow = await gateWorld({ DATABASE_CONNECTIONS_MAX: '2' });
    const holder = await narrow.pool.connect();
    await holder.query('set idle_in_transaction_session_timeout = 0');
    await holder.query('begin');
    await holder.query('lock table keyturn.consumer_offset in access exclusive mode');
    for (let i = 0; i < 3; i++) expect(await reasons(narrow)).toEqual(['state_unreadable']);
    holder.release(true);
    await narrow.stop();
  });
});
