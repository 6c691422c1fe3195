import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Cli, cliWorld } from './cli.fixture.ts';
import { exitCodes } from './exit-codes.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await cliWorld(4915550000);
});
afterAll(() => cli.stop());

const keyturn = (...args: string[]) => cli.keyturn(['runbook', ...args]);
const reading = (input: string, ...args: string[]) => cli.keyturn(['runbook', ...args], undefined, undefined, input);

it('is written from a file or from standard input, by rule and in general, shown where somebody decides, and taken away, each version on record', async () => {
  expect((await keyturn('list')).out).toBe('Nothing is written, so keyturn’s own advice is shown: keyturn runbook set.\n');
  const general = 'Call the branch.\nاتصل بالفرع';
  expect((await reading(`\n${general}\n`, 'set')).out).toMatch(
    /\(in general\) +where no rule fits +Call the branch\.…\n\nVersion 1, by .*key:bootstrap/,
  );
  writeFileSync(path.join(cli.dir, 'phone.txt'), 'Ask for the card.');
  await keyturn('set', 'New phone', '--file', 'phone.txt', '--when', '{"evidence":["hash"]}');
  const { contactId } = await cli.blocked();
  expect((await cli.keyturn(['show', contactId])).out).toContain('How to verify (New phone):\n  Ask for the card.');
  const changed = await reading('Ask for the card, twice.', 'set', 'New phone');
  expect(changed.out).toMatch(/New phone +evidence hash +Ask for the card, twice\.\n\(in general\)/);
  expect((await keyturn('show')).out).toBe(`${general}\n`);
  expect((await keyturn('show', 'New phone')).out).toBe('Ask for the card, twice.\n');
  expect(await cli.json('runbook', 'show', 'New phone')).toEqual({
    ...{ name: 'New phone', when: { evidence: ['hash'] }, text: 'Ask for the card, twice.' },
  });
  await keyturn('remove', 'New phone');
  expect((await cli.keyturn(['show', contactId])).out).toContain('How to verify:\n  Call the branch.');
  expect((await keyturn('remove')).out).toMatch(/^Nothing is written.*\n\nVersion 5, by /);
  const { rows } = await cli.world.pool.query('select version, general is null as none from runbook order by version');
  expect(rows.map(({ none }) => none)).toEqual([false, false, false, false, true]);
});

it.each<[string, readonly string[], string, number, string]>([
  ['no text', ['set'], ' \n', exitCodes.usage, 'There is no text'],
  ['a file that is not there', ['set', '--file', 'none.txt'], '', exitCodes.usage, "none.txt can't be read"],
  ['a condition of what holds in general', ['set', '--when', '{}'], 'x', exitCodes.usage, 'name it'],
  ['a condition that is no JSON', ['set', 'a', '--when', 'hash'], 'x', exitCodes.usage, 'It is JSON'],
  ['a condition that is nothing: the rule would hold always', ['set', 'a', '--when', 'null'], 'x', exitCodes.usage, 'It is JSON'],
  ['a condition that there is not', ['set', 'a', '--when', '{"evidence":["gut"]}'], 'x', exitCodes.usage, 'rules.0.when.evidence.0'],
  ['a version that is no number', ['set', '--version', 'newest'], 'x', exitCodes.usage, 'It is a whole number'],
  ['a rule that there is not', ['show', 'a'], '', exitCodes.notFound, 'No rule is called a: keyturn runbook list'],
  ['a rule to take away that there is not', ['remove', 'a'], '', exitCodes.notFound, 'No rule is called a'],
  ['what holds in general where nothing does', ['show'], '', exitCodes.notFound, 'keyturn runbook set writes it'],
])('refuses %s, and says the way out', async (_what, args, input, code, says) =>
  expect(await reading(input, ...args)).toMatchObject({ code, out: '', err: expect.stringContaining(says) }),
);

it('asks nobody for a text at a terminal', async () =>
  expect(await cli.asked(['runbook', 'set'], 'typed')).toMatchObject({ code: exitCodes.usage, said: expect.stringContaining('--file') }));

it('does not overwrite what somebody else wrote since, and needs the scope admin, as the page does', async () => {
  await reading('mine', 'set');
  const { version } = await cli.json('runbook', 'list');
  await reading('theirs', 'set');
  expect(await reading('mine again', 'set', '--version', String(version))).toMatchObject({
    ...{ code: exitCodes.conflict, out: '', err: expect.stringContaining('Somebody else changed the runbook') },
  });
  const { key } = (await cli.world.call('POST', '/v1/keys', { name: 'reads', scopes: ['read'] })).body as unknown as { key: string };
  const env = { KEYTURN_API_KEY: key };
  expect(await cli.keyturn(['runbook', 'show'], env)).toMatchObject({ code: 0, out: 'theirs\n' });
  expect((await cli.keyturn(['runbook', 'set'], env, undefined, 'more')).code).toBe(exitCodes.notAllowed);
});
