import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY } from '../../../services/console/src/console.fixture.ts';
import { type Cli, cliWorld } from './cli.fixture.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await cliWorld(4915520000);
});
afterAll(() => cli.stop());
const keyturn: Cli['keyturn'] = (...args) => cli.keyturn(...args);
const json: Cli['json'] = (...args) => cli.json(...args);

describe('keys', () => {
  it('created, used from a file, listed and revoked', async () => {
    const { key, keyId } = await json(
      'keys',
      'create',
      '--name',
      'on-call',
      '--scope',
      'read',
      'identity:decide',
      '--expires',
      '2999-01-01T00:00:00Z',
    );
    const file = path.join(cli.dir, 'key');
    writeFileSync(file, `${key}\n`);
    expect((await keyturn(['list'], { KEYTURN_API_KEY_FILE: file })).code).toBe(0);
    const refused = await keyturn(['keys', 'list'], { KEYTURN_API_KEY_FILE: file });
    expect(refused.code).toBe(5);
    expect(refused.err).toContain('admin');
    expect((await keyturn(['keys', 'list'])).out).toMatch(new RegExp(`${keyId} +good, ends .*read,identity:decide.*on-call`));
    expect((await keyturn(['keys', 'revoke', keyId])).code).toBe(0);
    expect((await keyturn(['list'], { KEYTURN_API_KEY_FILE: file })).code).toBe(5);
    expect((await keyturn(['keys', 'list'])).out).toMatch(new RegExp(`${keyId} +revoked`));
  });

  it('of an instance on this machine its stored key is found from anywhere below, and goes to no other host', async () => {
    const below = path.join(cli.dir, 'a', 'b');
    mkdirSync(path.join(cli.dir, '.keyturn'));
    mkdirSync(below, { recursive: true });
    writeFileSync(path.join(cli.dir, '.keyturn', 'secrets.json'), JSON.stringify({ KEYTURN_ADMIN_API_KEY: ADMIN_KEY }));
    try {
      expect((await keyturn(['list'], {}, below)).code).toBe(0);
      expect((await keyturn(['list'], { KEYTURN_EMBEDDED_DIR: path.join(cli.dir, '.keyturn') }, tmpdir())).code).toBe(0);
      const elsewhere = await keyturn(['list', '--url', 'http://keyturn.example'], {}, below);
      expect(elsewhere.code).toBe(5);
      expect(elsewhere.err).toContain('KEYTURN_API_KEY');
    } finally {
      rmSync(path.join(cli.dir, '.keyturn'), { recursive: true });
    }
  });
});

it.each<[string, readonly string[], NodeJS.ProcessEnv, number]>([
  ['3: nobody has this number', ['show', '999999999999'], { KEYTURN_API_KEY: ADMIN_KEY }, 3],
  ['3: nobody has this id', ['show', '01900000-0000-7000-8000-000000000001'], { KEYTURN_API_KEY: ADMIN_KEY }, 3],
  ['5: no key', ['list'], {}, 5],
  ['5: a key that nobody has', ['list'], { KEYTURN_API_KEY: 'wrong' }, 5],
  ['5: a key file that is not there', ['list'], { KEYTURN_API_KEY_FILE: '/nowhere/key' }, 5],
  ['6: nobody listens', ['list', '--url', 'http://127.0.0.1:1'], { KEYTURN_API_KEY: ADMIN_KEY }, 6],
])('exit code %s', async (_what, args, env, code) => {
  const ended = await cli.process(args, env);
  expect(ended).toMatchObject({ code, out: '' });
  expect(ended.err).toMatch(/^keyturn: .+/);
});

it.each([[['--help']], [['help', 'ack']], [['help', 'block']], [['blocks', '--help']], [['keys', 'create', '--help']]])(
  'help teaches by examples: %j',
  async (args) => {
    const { code, out } = await keyturn(args);
    expect(code).toBe(0);
    expect(out).toContain('Examples:');
  },
);
