import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY } from '../../../services/console/src/console.fixture.ts';
import { type Cli, cliWorld } from './cli.fixture.ts';
import { exitCodes } from './exit-codes.ts';

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
    const tomorrow = await keyturn(['keys', 'create', '--name', 'x', '--scope', 'read', '--expires', 'tomorrow']);
    expect(tomorrow).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('--expires') });
    expect(tomorrow.err).toContain('It is an instant as 2026-11-23T08:00:00Z.');
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

it.each<[string, string, (file: string) => NodeJS.ProcessEnv]>([
  ['a file of several secrets', '{\n  "KEYTURN_ADMIN_API_KEY": "hunter2"\n}\n', (file) => ({ KEYTURN_API_KEY_FILE: file })],
  ['an empty file', '\n', (file) => ({ KEYTURN_API_KEY_FILE: file })],
  ['two words', '', () => ({ KEYTURN_API_KEY: 'kt_0123\nhunter2' })],
  ['what no header can carry', '', () => ({ KEYTURN_API_KEY: 'hunter2ключ' })],
  ['a store that is damaged', '{"KEYTURN_ADMIN_API_KEY": hunter2}', (file) => ({ KEYTURN_EMBEDDED_DIR: path.dirname(file) })],
])('%s in the place of a key is refused, and nothing of it is shown', async (_what, content, envOf) => {
  const file = path.join(cli.dir, 'secrets.json');
  writeFileSync(file, content);
  const { code, out, err } = await keyturn(['list'], envOf(file));
  expect({ code, out, err }).toEqual({
    code: expect.any(Number),
    out: '',
    err: expect.stringMatching(/^keyturn: .*(keyturn keys create|set KEYTURN_API_KEY)/),
  });
  expect([exitCodes.usage, exitCodes.notAllowed]).toContain(code);
  expect(err).not.toMatch(/hunter2/);
  rmSync(file);
});

describe('what answers and is no console is said to be none', () => {
  const page: RequestListener = (_request, response) => void response.end('<!doctype html><p>welcome');
  const other: RequestListener = (_request, response) => void response.end('{"ok":true}');
  const cut: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{');
    response.socket?.end();
  };
  it.each<[string, RequestListener, string[], number, RegExp]>([
    ['a page', page, ['list'], exitCodes.unexpected, /answered 200 as no console does\. Is KEYTURN_URL right\?/],
    ['a page where a stream was asked for', page, ['tail'], exitCodes.unexpected, /answered 200 as no console does/],
    ['another API', other, ['list'], exitCodes.unexpected, /can't be understood \(items: .*\)\. Is the address right/],
    ['an answer that is cut off', cut, ['list'], exitCodes.unreachable, /does not answer \(.*\)\. Is keyturn running/],
  ])('%s', async (_what, listener, args, code, says) => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ended = await keyturn([...args, '--url', `http://127.0.0.1:${port}`], { KEYTURN_API_KEY: 'kt_x' });
    server.close();
    expect(ended).toEqual({ code, out: '', err: expect.stringMatching(says) });
    expect(ended.err.split('\n')).toHaveLength(2);
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
