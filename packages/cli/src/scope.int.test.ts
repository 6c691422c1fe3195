import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ADMIN_KEY, consoleWorld, message, type World } from '../../../services/console/src/console.fixture.ts';
import { inProcess } from './command-line.fixture.ts';
import { exitCodes } from './exit-codes.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

/** One command line; `answer`: what somebody says who is asked, where somebody can be. */
const keyturn = (args: readonly string[], answer?: string) =>
  inProcess(args, { env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY }, answer });
const move = (...more: string[]) => ['scope', 'move', 'w7', 'acme', '--reason', 'portfolio of its own', ...more];
const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
const scopeOf = async () => (await world.find('4915640001')).scope;

it('a WABA is moved only after somebody saw what follows and said yes', async () => {
  await world.says(
    message({ waId: '4915640001', at: T, hash: 'A=', waba: 'w7' }),
    message({ waId: '4915640001', at: T + 9, hash: 'B=', waba: 'w7' }),
  );
  const { contactId } = await world.find('4915640001');
  expect(await keyturn(move())).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('--preview') });
  expect(await keyturn(move(), 'n')).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('1 contacts would go along') });
  const preview = await keyturn(move('--preview', '--json'));
  expect(JSON.parse(preview.out)).toMatchObject({ from: 'default', to: 'acme', preview: true, moved: 1, copied: 0, merged: 0 });
  expect(await scopeOf()).toBe('default');
  expect(await keyturn(move(), 'y')).toMatchObject({ code: 0, out: expect.stringContaining('WABA w7 went from scope default to acme') });
  expect(await world.find('4915640001')).toMatchObject({ contactId, scope: 'acme', identity: { status: 'blocked', keyHash: 'B=' } });
  expect((await keyturn(['scope', 'list'])).out).toMatch(/acme +w7 +\S+/);
});

it('what can be no move is refused, with the way out', async () => {
  expect(await keyturn(move('--yes'))).toMatchObject({ code: exitCodes.conflict, err: expect.stringContaining('in scope acme already') });
  const unknown = await keyturn(['scope', 'move', 'w8', 'acme', '--reason', 'x', '--yes']);
  expect(unknown).toMatchObject({ code: exitCodes.notFound, err: expect.stringContaining('/v1/scopes') });
  const named = await keyturn(['scope', 'move', 'w7', 'Acme Ltd', '--reason', 'x', '--yes']);
  expect(named).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('lower-case') });
});
