import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RunbookJson } from '@keyturn/contracts';
import { consoleWorld, message, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.now() / 1_000) - 7_200;
let numbers = 4915610000;
async function blocked(): Promise<string> {
  const waId = String(numbers++);
  await world.says(message({ waId, at: T, hash: 'A=' }), message({ waId, at: T + 60, hash: 'B=' }));
  return (await world.find(waId)).contactId;
}
const read = async () => (await world.call('GET', '/v1/runbook')).body as unknown as RunbookJson;
const write = async (wanted: object) =>
  world.call('PUT', '/v1/runbook', { version: (await read()).version, general: null, rules: [], ...wanted });
const saidOf = async (contactId: string) => (await world.call('GET', `/v1/contacts/${contactId}/identity/runbook`)).body;

it('says of a block what the first rule that fits says, else what holds in general, in the very words; and nothing once it is decided', async () => {
  const contactId = await blocked();
  expect(await saidOf(contactId)).toEqual({ contactId, rule: null, text: null });
  const general = 'Call the branch.\n<b>اتصل بالفرع</b>\njavascript:alert(1)';
  const rules = [
    { name: 'moved', when: { evidence: ['number_change'] }, text: 'not for this one' },
    { name: 'New phone', when: { evidence: ['hash'] }, text: 'Ask for the card.' },
  ];
  const set = await write({ general, rules });
  expect([set.status, set.body]).toEqual([200, { version: 1, general, rules, actor: 'key:bootstrap', setAt: expect.any(String) }]);
  expect(await read()).toEqual(set.body);
  expect(await saidOf(contactId)).toEqual({ contactId, rule: 'New phone', text: 'Ask for the card.' });
  await write({ general, rules: rules.slice(0, 1) });
  expect(await saidOf(contactId)).toEqual({ contactId, rule: null, text: general });
  const { keyHash, version } = (await world.call('GET', `/v1/contacts/${contactId}`)).body.identity;
  await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
    keyHash,
    version,
    verdict: 'same_person',
    reason: 'called',
  });
  expect(await saidOf(contactId)).toEqual({ contactId, rule: null, text: null });
});

it('what somebody else wrote meanwhile is not overwritten: of several at once one is taken, the others see it, and all that was stays on record', async () => {
  const { version } = await read();
  const all = await Promise.all(['a', 'b', 'c', 'd'].map((general) => world.call('PUT', '/v1/runbook', { version, general, rules: [] })));
  expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  expect(all.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'runbook.conflict', present: { version: version + 1 } });
  const { rows } = await world.pool.query('select version, actor from runbook order by version');
  expect(rows).toEqual(Array.from({ length: version + 1 }, (_, i) => ({ version: i + 1, actor: 'key:bootstrap' })));
});

it('the audit log says who wrote it, not what', async () => {
  const secret = 'ask for the second word';
  await write({ general: secret });
  const { items } = (await world.call('GET', '/v1/audit?action=setRunbook')).body;
  expect(items[0]).toMatchObject({ actor: 'key:bootstrap', action: 'setRunbook', status: 200 });
  expect(JSON.stringify(items)).not.toContain(secret);
});

const rule = { name: 'a', text: 'b' };
it.each([
  ['a rule without a text', { rules: [{ name: 'a' }] }, 'rules.0.text'],
  ['an empty text', { rules: [{ ...rule, text: ' \n ' }] }, 'rules.0.text: say how'],
  ['a rule without a name', { rules: [{ text: 'b' }] }, 'rules.0.name'],
  ['two rules of one name', { rules: [rule, rule] }, 'rules.1.name: another one is called a'],
  ['evidence that there is not', { rules: [{ ...rule, when: { evidence: ['gut_feeling'] } }] }, 'rules.0.when.evidence.0'],
  ['an empty general text', { general: '' }, 'general: say how'],
  ['a text that is a book', { general: 'x'.repeat(4_001) }, 'general'],
  ['NUL, which no database keeps', { general: 'a\u0000b' }, 'general'],
])('is refused with what is wrong: %s', async (_what, wanted, detail) => {
  const { status, body } = await write(wanted);
  expect([status, body.detail]).toEqual([422, expect.stringContaining(detail)]);
});

it('of nobody it says so', async () =>
  expect((await world.call('GET', '/v1/contacts/01900000-0000-7000-8000-00000000dead/identity/runbook')).status).toBe(404));
