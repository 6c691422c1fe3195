import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ADMIN_KEY, consoleWorld, type World } from '../../../services/console/src/console.fixture.ts';
import { asProcess, inProcess } from './command-line.fixture.ts';
import { exitCodes } from './exit-codes.ts';

const TOKEN = 'EAAGplatformTokenOfTheTestsZB1';
let world: World;
beforeAll(async () => {
  world = await consoleWorld({ KEYTURN_TOKEN_KEY: 'a-token-key-of-the-tests-0' });
});
afterAll(() => world.stop());

const given = (input = '') => ({ env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY }, input });
const keyturn = (args: readonly string[], input?: string) => inProcess(args, given(input));

it('a token is set from standard input, listed, encrypted anew and erased, and never shown', async () => {
  expect(await keyturn(['tokens', 'list'])).toMatchObject({ code: 0, out: expect.stringContaining('holds no token') });
  const set = await asProcess(['tokens', 'set', '--number', 'P1'], given(`${TOKEN}\n`));
  expect(set).toMatchObject({ code: 0, err: '' });
  const list = await keyturn(['tokens', 'list']);
  expect(list.out).toMatch(/number P1 +held +(now|\d).* key:bootstrap +-/);
  expect(await keyturn(['tokens', 'reseal'])).toMatchObject({ code: 0, out: expect.stringContaining('0 tokens') });
  const { items } = JSON.parse((await keyturn(['tokens', 'list', '--json'])).out);
  const removed = await keyturn(['tokens', 'remove', items[0].tokenId]);
  expect(removed.code).toBe(0);
  const erased = await keyturn(['tokens', 'list']);
  expect(erased.out).toMatch(/number P1 +erased +(now|\d).* key:bootstrap +(now|\d).* key:bootstrap/);
  expect(JSON.stringify([set, list, removed, erased, items])).not.toContain(TOKEN);
});

it.each<[guarantee: string, args: string[], input: string, code: number]>([
  ['whose it is has to be said', ['set'], TOKEN, exitCodes.usage],
  ['once', ['set', '--number', 'P1', '--waba', 'W1'], TOKEN, exitCodes.usage],
  ['and the token', ['set', '--number', 'P1'], '', exitCodes.usage],
  ['which is none where it is too short', ['set', '--number', 'P1'], 'short', exitCodes.usage],
  ['not on the command line', ['set', '--number', 'P1', TOKEN], '', exitCodes.usage],
  ['what is not there can’t be removed', ['remove', '01900000-0000-7000-8000-000000000001'], '', exitCodes.notFound],
])('%s', async (_guarantee, args, input, code) => expect((await keyturn(['tokens', ...args], input)).code).toBe(code));
