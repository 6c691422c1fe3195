import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ADMIN_KEY, consoleWorld, message, type World } from '../../../services/console/src/console.fixture.ts';
import { inProcess } from './command-line.fixture.ts';
import { exitCodes } from './exit-codes.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
/** One command line; `answer`: what somebody says who is asked, where somebody can be. */
const keyturn = (args: readonly string[], { answer, key = ADMIN_KEY }: { answer?: string; key?: string } = {}) =>
  inProcess(args, { env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: key }, answer });
const json = async (...args: string[]) => JSON.parse((await keyturn([...args, '--json'])).out);

let numbers = 4915610000;
async function deadLetter() {
  const waId = String(numbers++);
  const { mend } = await world.poison('POISON');
  await world.says(message({ waId, at: T, hash: 'POISON=', name: '\u001b[2JRania' }));
  await mend();
  const { contactId } = await world.find(waId);
  const { items } = await json('dead-letters', 'list', '--limit', '200');
  const { deadLetterId } = items.find((one: { contactId: string }) => one.contactId === contactId);
  return { deadLetterId, contactId, waId } as { deadLetterId: string; contactId: string; waId: string };
}

it('list says what failed on whom, masked; show all of it, and neither can rewrite the terminal', async () => {
  const { deadLetterId, contactId, waId } = await deadLetter();
  const list = await keyturn(['dead-letters', 'list', '--group', 'identity']);
  expect(list).toMatchObject({ code: 0, err: '' });
  expect(list.out).toMatch(new RegExp(`${deadLetterId}.*identity.*message\\.received.*${contactId} +2 +the database refuses`));
  expect(list.out).not.toContain(waId);
  const show = await keyturn(['dead-letters', 'show', deadLetterId]);
  expect(show.code).toBe(0);
  for (const part of [
    `${deadLetterId} is open`,
    'store.data',
    'key (none)',
    waId,
    '"identityKeyHash": "POISON="',
    'event-type',
    'kept until in ',
  ])
    expect(show.out).toContain(part);
  expect([...show.out].filter((character) => /[\p{Cc}\p{Cf}]/u.test(character) && character !== '\n')).toEqual([]);
  expect((await keyturn(['dead-letters', 'list', '--group', 'consent'])).out).toBe('There is no open dead letter of these.\n');
  await deadLetter();
  const first = await json('dead-letters', 'list', '--limit', '1');
  expect((await keyturn(['dead-letters', 'list', '--limit', '1', '--code', 'store.data'])).out).toContain(
    `keyturn dead-letters list --code store.data --limit 1 --cursor ${first.nextCursor}`,
  );
});

it('a decision shows what follows and asks; only a yes decides; what is decided is decided once', async () => {
  const { deadLetterId } = await deadLetter();
  const discard = ['dead-letters', 'discard', deadLetterId, '--reason', 'sent by a test'];
  const nobody = await keyturn(discard);
  expect(nobody).toMatchObject({ code: exitCodes.usage, out: '' });
  expect(nobody.err).toContain('--yes');
  const declined = await keyturn(discard, { answer: '' });
  expect(declined.code).toBe(exitCodes.usage);
  for (const part of ['None of them will ever apply', 'Nothing was decided']) expect(declined.err).toContain(part);
  expect(await keyturn(discard, { answer: 'y' })).toMatchObject({ code: 0, out: 'Discarded: 1.\n' });
  const again = await keyturn([...discard, '--yes']);
  expect(again).toMatchObject({ code: exitCodes.conflict, out: '' });
  const mixed = await keyturn([...discard, (await deadLetter()).deadLetterId, '--yes', '--json']);
  expect(mixed.code).toBe(exitCodes.conflict);
  expect(JSON.parse(mixed.out)).toMatchObject({ decided: 1, refused: [{ deadLetterId, status: 'discarded' }] });
  expect(mixed.err).toContain(`${deadLetterId} is discarded`);
  expect((await keyturn(['dead-letters', 'show', deadLetterId])).out).toMatch(/Decided +discard by key:bootstrap, .*: sent by a test/);
});

it('a redrive by filter shows some of them first; with --no-wait it is asked for and not waited for', async () => {
  const { deadLetterId } = await deadLetter();
  const filter = ['dead-letters', 'redrive', '--group', 'identity', '--code', 'store.data', '--reason', 'mended'];
  const declined = await keyturn(filter, { answer: 'n' });
  expect(declined.err).toContain(deadLetterId);
  expect(declined.err).toMatch(/These are \d+ of \d+\./);
  const { key } = await json('keys', 'create', '--name', 'robot', '--scope', 'read');
  const asked = await keyturn([...filter, '--yes', '--no-wait', '--json']);
  expect({ code: asked.code, said: JSON.parse(asked.out) }).toMatchObject({ code: 0, said: { refused: [], letters: null } });
  expect((await keyturn(['dead-letters', 'show', deadLetterId])).out).toContain('is requested');
  expect(await keyturn([...filter, '--yes'])).toMatchObject({ code: 0, out: 'Requested: 0.\n' });
  expect((await keyturn(['dead-letters', 'list'], { key })).code).toBe(exitCodes.done);
  expect((await keyturn([...filter, '--yes'], { key })).code).toBe(exitCodes.notAllowed);
});

it.each([
  ['no reason', ['redrive', 'x']],
  ['nothing named', ['redrive', '--reason', 'x', '--yes']],
  ['ids and a filter', ['discard', 'x', '--all', '--reason', 'x', '--yes']],
  ['an id that is none', ['discard', 'x', '--reason', 'x', '--yes']],
  ['a group that nobody knows', ['list', '--group', 'gate']],
  ['a code that nobody knows', ['list', '--code', 'bad']],
  ['a status that nobody knows', ['list', '--status', 'lost']],
])('exit code 2 for %s', async (_what, args) => {
  const { code, out, err } = await keyturn(['dead-letters', ...args]);
  expect({ code, out }).toEqual({ code: exitCodes.usage, out: '' });
  expect(err).not.toBe('');
});

it('exit code 3 for one that is not there', async () => {
  const id = '01900000-0000-7000-8000-000000000001';
  expect((await keyturn(['dead-letters', 'show', id])).code).toBe(exitCodes.notFound);
  expect((await keyturn(['dead-letters', 'redrive', id, '--reason', 'x', '--yes'])).code).toBe(exitCodes.notFound);
});
