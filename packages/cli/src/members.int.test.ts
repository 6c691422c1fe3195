import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ADMIN_KEY, consoleWorld, type World } from '../../../services/console/src/console.fixture.ts';
import { inProcess } from './command-line.fixture.ts';
import { exitCodes } from './exit-codes.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const keyturn = (...args: string[]) => inProcess(args, { env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY } });

it('members are made, listed, invited anew, given a role, disabled and enabled, by their address', async () => {
  expect((await keyturn('members', 'list')).out).toBe('Nobody may sign in yet: keyturn members add.\n');
  const added = await keyturn('members', 'add', '--name', 'Huda', '--email', 'Huda@example.org', '--role', 'admin');
  expect(added).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Huda is a member, as admin\.\nhttp:\S+\/invitation#[\w-]{43}\nThey set a password/),
  });
  await keyturn('members', 'add', '--name', 'Omar', '--email', 'omar@example.org', '--role', 'viewer');
  expect((await keyturn('members', 'list')).out).toMatch(
    /admin +never +huda@example\.org +Huda\n.*viewer +never +omar@example\.org +Omar\n$/s,
  );
  const again = await keyturn('members', 'invite', 'HUDA@example.org', '--json');
  expect(JSON.parse(again.out)).toEqual({ url: expect.stringContaining('/invitation#'), expiresAt: expect.any(String) });
  expect((await keyturn('members', 'role', 'omar@example.org', 'operator')).out).toMatch(/operator +never +omar/);
  expect((await keyturn('members', 'role', 'omar@example.org', 'none')).out).toMatch(/no role +never +omar/);
  expect((await keyturn('members', 'disable', 'omar@example.org')).out).toMatch(/disabled +never +omar/);
  expect((await keyturn('members', 'enable', 'omar@example.org')).out).toMatch(/no role +never +omar/);
});

it('what can’t be is refused, with the way out', async () => {
  expect(await keyturn('members', 'role', 'huda@example.org', 'viewer')).toMatchObject({
    code: exitCodes.conflict,
    err: expect.stringContaining('only admin who can sign in'),
  });
  expect(await keyturn('members', 'disable', 'x@example.org')).toMatchObject({ code: exitCodes.notFound });
  expect(await keyturn('members', 'role', 'huda@example.org', 'root')).toMatchObject({
    code: exitCodes.usage,
    err: expect.stringContaining('viewer'),
  });
  expect(await keyturn('members', 'add', '--name', 'x', '--email', 'x', '--role', 'viewer')).toMatchObject({
    code: exitCodes.usage,
    err: expect.stringContaining('email: is an e-mail address'),
  });
});

it('the audit log is shown with names, filtered, and page by page', async () => {
  const { out } = await keyturn('audit', '--action', 'createMember');
  const [heading, ...rows] = out.trimEnd().split('\n');
  expect(heading).toMatch(/^WHEN +WHO +WHAT +ENDED +ON WHAT$/);
  expect(rows).toEqual([
    expect.stringMatching(/key:bootstrap +createMember +422$/),
    ...Array(2).fill(expect.stringMatching(/key:bootstrap +createMember +201 +member:[0-9a-f-]{36}$/)),
  ]);
  expect((await keyturn('audit', '--limit', '1', '--action', 'createMember')).out).toMatch(
    /There are more: keyturn audit --action createMember --limit 1 --cursor \S+\n$/,
  );
  expect((await keyturn('audit', '--subject', 'contact:x')).out).toBe('Nothing was done.\n');
  const answered = JSON.parse((await keyturn('audit', '--json')).out) as { items: { actor: string }[] };
  expect(new Set(answered.items.map(({ actor }) => actor))).toEqual(new Set(['key:bootstrap']));
});
