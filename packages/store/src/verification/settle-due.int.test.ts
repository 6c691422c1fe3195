import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { VerificationRulesRequest } from '@keyturn/contracts';
import { message, T0 } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { type Batches, batchesWorld, contactOf, newNumber, recordsOf } from '../consume/apply-batch.fixture.ts';
import { applyBatch } from '../consume/apply-batch.ts';
import { identity } from '../consume/identity-consumer.fixture.ts';
import { readVerificationRules, setVerificationRules } from './rules.ts';
import { settleDueVerifications } from './settle-due.ts';

let world: Batches;
beforeAll(async () => {
  world = await batchesWorld();
  const { version } = await readVerificationRules(world.pool());
  const rules: VerificationRulesRequest = {
    ...{ version, reason: 'a test', endpoints: [{ name: 'app', url: 'https://bank.example/', secretVersion: 1 }] },
    rules: [{ name: 'all', endpoint: 'app', when: {}, verdicts: ['same_person'], validForMinutes: 60 }],
  };
  await setVerificationRules(world.pool(), rules, 'key:test', new Date());
});
afterAll(() => world.close());
beforeEach(async () => {
  world.partition += 1;
  await world.query('delete from verification_due');
});

const settle = () => settleDueVerifications({ pool: world.pool(), now: () => new Date(), newId: v7 });
const requests = (contactId: string) =>
  world.query<{ version: number; status: string }>('select version, status from verification where contact_id = $1 order by version', [
    contactId,
  ]);
const says = (...hashes: [string, string, number][]) =>
  applyBatch(
    world.shellOf(),
    identity,
    world.runOf(recordsOf(...hashes.map(([waId, identityKeyHash, at]) => message({ waId, at: T0 + at, identityKeyHash })))),
  );
const due = () => world.query('select contact_id from verification_due');

it('a block and that it is due commit together, or neither does; whoever is only seen, or known for the first time, is not due', async () => {
  const [blocked, known] = [newNumber(), newNumber()];
  const ended = await says([blocked, 'h1', 0], [known, 'h1', 0], [known, 'h1', 5], [blocked, 'h2', 9]);
  expect(await due()).toEqual([{ contact_id: contactOf(ended, 0) }]);
  await settle();
  await world.query(`alter table verification_due add constraint nothing check (contact_id is null) not valid`);
  world.partition += 1;
  const other = newNumber();
  const lost = await says([other, 'h1', 0], [other, 'h2', 9]); // the record that can't be due is dead-lettered, and its loss blocks nobody either
  await world.query('alter table verification_due drop constraint nothing');
  const blocks = await world.query(`select 1 from identity_state where contact_id = $1 and status = 'blocked'`, [contactOf(lost, 0)]);
  expect([blocks, await due()]).toEqual([[], []]);
});

it('what is due is followed once, and what is taken and not followed is due still', async () => {
  const contactId = contactOf(await says(...block(newNumber())), 0);
  await world.query('alter table verification add constraint nothing check (contact_id is null) not valid');
  await expect(settle()).rejects.toMatchObject({ code: 'store.data' });
  await world.query('alter table verification drop constraint nothing');
  expect([await due(), await requests(contactId)]).toEqual([[{ contact_id: contactId }], []]);
  const counts = await Promise.all(Array.from({ length: 4 }, settle));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect([await due(), await requests(contactId)]).toEqual([[], [{ version: 2, status: 'waiting' }]]);
  await world.query('insert into verification_due (contact_id) values ($1)', [contactId]);
  await settle();
  expect(await requests(contactId)).toEqual([{ version: 2, status: 'waiting' }]);
});

it('a newer change supersedes, however many came before anybody looked', async () => {
  const waId = newNumber();
  const contactId = contactOf(await says(...block(waId)), 0);
  await settle();
  world.partition += 1;
  await says([waId, 'h3', 20], [waId, 'h4', 30]);
  await settle();
  expect(await requests(contactId)).toEqual([
    { version: 2, status: 'superseded' },
    { version: 4, status: 'waiting' },
  ]);
});

const block = (waId: string): [string, string, number][] => [
  [waId, 'h1', 0],
  [waId, 'h2', 9],
];
