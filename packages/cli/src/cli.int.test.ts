import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContactJson } from '@keyturn/contracts';
import { ADMIN_KEY, consoleWorld, message, reached, type World } from '../../../services/console/src/console.fixture.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

let world: World;
let dir: string;
beforeAll(async () => {
  world = await consoleWorld();
  dir = mkdtempSync(path.join(tmpdir(), 'keyturn-cli-'));
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await world.stop();
});

const main = fileURLToPath(new URL('main.ts', import.meta.url));
type Ended = { readonly code: number; readonly out: string; readonly err: string };
/** One command line in a process of its own, with the admin key unless said otherwise. */
async function keyturn(args: readonly string[], env: NodeJS.ProcessEnv = { KEYTURN_API_KEY: ADMIN_KEY }, cwd = dir): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: process.env.PATH, KEYTURN_URL: world.url, ...env } });
  child.stdin.end();
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode ?? -1, out, err };
}
const json = async (...args: string[]) => JSON.parse((await keyturn([...args, '--json'])).out);

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
let numbers = 4915500000;
async function blocked(name?: string): Promise<ContactJson & { waId: string }> {
  const waId = String(numbers++);
  await world.says(message({ waId, at: T, hash: 'A=', ...(name ? { name } : {}) }), message({ waId, at: T + 60, hash: 'B=' }));
  return { ...(await world.find(waId)), waId };
}

describe('list, show, timeline', () => {
  it('say who waits, why, and what happened; with --json as the API says it', async () => {
    const { contactId, waId } = await blocked('Rania');
    const list = await keyturn(['list']);
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toMatch(new RegExp(`2026-03-01 00:01:00Z.*\\+${waId}.*${contactId}.*key changed`));
    expect((await json('list')).items).toContainEqual(expect.objectContaining({ contactId }));
    const show = await keyturn(['show', `+${waId.slice(0, 2)} ${waId.slice(2, 5)} ${waId.slice(5)}`]);
    expect(show.code).toBe(0);
    for (const part of [
      `Somebody else may hold +${waId}`,
      'Rania',
      'message with key B= to P1',
      'utility: opted in',
      `keyturn ack ${contactId}`,
    ])
      expect(show.out).toContain(part);
    expect(await json('show', contactId)).toMatchObject({ contactId, identity: { status: 'blocked', keyHash: 'B=' } });
    expect(await json('show', waId, '--at', '2026-03-01T00:00:30Z')).toMatchObject({ contactId });
    const timeline = await keyturn(['timeline', contactId]);
    expect(timeline.out).toMatch(/identity\.blocked +system:identity +message\.received/);
    expect((await json('timeline', contactId, '--limit', '1')).items).toHaveLength(1);
  });

  it('a name can’t rewrite the terminal', async () => {
    const { contactId } = await blocked('\u001b[2J\u202eRania\r\u0007');
    const { out } = await keyturn(['show', contactId]);
    expect(out).toContain('[2JRania');
    expect([...out].filter((character) => /[\p{Cc}\p{Cf}]/u.test(character) && character !== '\n')).toEqual([]);
  });

  it('pages go on where the last ended', async () => {
    await blocked();
    await blocked();
    const first = await json('list', '--limit', '1');
    const next = await json('list', '--limit', '1', '--cursor', first.nextCursor);
    expect(next.items[0].contactId).not.toBe(first.items[0].contactId);
    expect((await keyturn(['list', '--limit', '1'])).out).toContain(`keyturn list --cursor ${first.nextCursor}`);
  });
});

describe('exposure', () => {
  it('says what may have gone to somebody else; show says it in a line', async () => {
    const { contactId, waId } = await blocked();
    const sent = { waId, wamid: 'wamid.X', category: 'authentication' };
    await world.says(
      reached({ ...sent, at: T + 30, status: 'sent' }),
      reached({ ...sent, at: T + 31, status: 'delivered' }),
      reached({ waId, wamid: 'wamid.Y', at: T + 90, status: 'failed', codes: [137000] }),
    );
    const { out, code } = await keyturn(['exposure', `+${waId}`]);
    expect(code).toBe(0);
    expect(out).toMatch(/Counted +P1 from .*2026-03-01 00:00:00Z/);
    expect(out).toMatch(/Before +1 delivered \(1 authentication\)\nAfter +nothing; 1 failed/);
    expect(out).toMatch(/2026-03-01 00:00:31Z +delivered +authentication +P1 +wamid\.X/);
    expect((await keyturn(['show', waId])).out).toContain(
      `1 delivered (1 authentication); since nothing; 1 failed. keyturn exposure ${contactId}`,
    );
    expect(await json('exposure', contactId)).toMatchObject({ contactId, items: [{ wamid: 'wamid.X' }] });
  });
});

describe('ack', () => {
  it('decides on what it has read just now, where it is told not to ask', async () => {
    const { contactId, waId } = await blocked();
    const asked = await keyturn(['ack', waId, '--same-person', '--reason', 'called back']);
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.err).toContain('--yes');
    const done = await keyturn(['ack', waId, '--same-person', '--reason', 'called back', '--yes']);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain(`${contactId} is clear`);
    const again = await keyturn(['ack', waId, '--same-person', '--reason', 'called back', '--yes']);
    expect(again.code).toBe(4);
    expect(again.err).toContain('nothing to decide');
  });

  it('asks, showing the evidence and what follows, and takes only a yes', async () => {
    const { waId } = await blocked();
    const asking = async (answer: string) => {
      const said: string[] = [];
      const note = (line: string) => void said.push(line);
      const ask = async (question: string) => {
        note(question);
        return answer;
      };
      const progress = () => ({ update() {}, stop() {} });
      const env = { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY };
      const io = {
        env,
        cwd: dir,
        interactive: true,
        colors: false,
        now: () => new Date((T + 900) * 1000),
        out: note,
        err: note,
        ask,
        progress,
      };
      return { code: await run(['ack', waId, '--different-person', '--reason', 'called'], io), said: said.join('\n') };
    };
    const declined = await asking('');
    expect(declined.code).toBe(exitCodes.usage);
    for (const part of [`Somebody else may hold +${waId}`, '14 min ago', 'key B=', 'Opt-ins end.', 'Nothing was decided.'])
      expect(declined.said).toContain(part);
    expect((await world.find(waId)).identity.status).toBe('blocked');
    const taken = await asking('y');
    expect(taken).toMatchObject({ code: 0, said: expect.stringContaining('Whoever has the number now is contact') });
  });

  it('a different person is a new contact, and the answer says which', async () => {
    const { contactId, waId } = await blocked();
    const answer = await json(
      'ack',
      contactId,
      '--different-person',
      '--reason',
      'new holder',
      '--note',
      'ticket 1',
      '--evidence-url',
      'https://bank.example/1',
      '--yes',
    );
    expect(answer).toMatchObject({
      contactId,
      decision: { verdict: 'different_person', note: 'ticket 1', evidenceUrl: 'https://bank.example/1' },
    });
    expect((await world.find(waId)).contactId).toBe(answer.decision.newContactId);
  });

  it('decides on what was seen before and nothing else; a refusal has the state now', async () => {
    const { contactId, identity } = await blocked();
    const seen = (version: number) => [
      'ack',
      contactId,
      '--same-person',
      '--reason',
      'branch',
      '--key-hash',
      'B=',
      '--version',
      String(version),
    ];
    const stale = await keyturn([...seen(identity.version + 1), '--json']);
    expect(stale.code).toBe(4);
    expect(JSON.parse(stale.out)).toMatchObject({
      status: 409,
      reason: 'moved_on',
      identity: { status: 'blocked', version: identity.version },
    });
    const { key } = await json('keys', 'create', '--name', 'branch', '--scope', 'identity:decide');
    expect((await keyturn(seen(identity.version), { KEYTURN_API_KEY: key })).code).toBe(0);
  });

  it.each([
    ['no verdict', ['ack', 'x', '--reason', 'y', '--yes']],
    ['two verdicts', ['ack', 'x', '--same-person', '--different-person', '--reason', 'y', '--yes']],
    ['no reason', ['ack', 'x', '--same-person', '--yes']],
    ['no reason for a block', ['block', 'x']],
    ['half of what was seen', ['ack', 'x', '--same-person', '--reason', 'y', '--key-hash', 'B=']],
    ['a version that is none', ['ack', 'x', '--same-person', '--reason', 'y', '--key-hash', 'B=', '--version', 'two']],
    ['an unknown command', ['akc']],
    ['no command', []],
    ['a limit that can’t be', ['list', '--limit', '1000']],
    ['a scope that nobody knows', ['keys', 'create', '--name', 'x', '--scope', 'write']],
    ['an URL that is none', ['list', '--url', 'localhost']],
  ])('exit code 2 for %s, and nothing on standard output', async (_what, args) => {
    const { code, out, err } = await keyturn(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });
});

describe('block, unblock, blocks', () => {
  it('block by choice, show it, list it, and lift it once', async () => {
    const { contactId, waId } = await blocked();
    const set = await keyturn(['block', `+${waId}`, '--reason', 'threats', '--note', 'case 1']);
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(set.out).toContain(`${contactId} is blocked by choice since`);
    await world.says(message({ waId, at: T + 120 }));
    expect((await keyturn(['show', contactId])).out).toMatch(/Blocked by choice .* by key:bootstrap: threats\. They wrote .*00:02:00Z/);
    const list = await keyturn(['blocks', '--wrote']);
    expect(list.out).toMatch(new RegExp(`\\+${waId}.*${contactId}.*00:02:00Z.*threats`));
    expect(await json('blocks')).toMatchObject({ items: [{ contactId, businessBlock: { reason: 'threats' } }], nextCursor: null });
    const { key } = await json('keys', 'create', '--name', 'desk', '--scope', 'contact:write');
    const lift = ['unblock', contactId, '--reason', 'settled'];
    expect(await keyturn(lift, { KEYTURN_API_KEY: key })).toMatchObject({
      code: 0,
      out: `${contactId} is not blocked by choice any more.\n`,
    });
    expect((await keyturn(lift)).code).toBe(4);
    expect((await keyturn(['blocks'])).out).toBe('Nobody is blocked by choice.\n');
    expect((await keyturn(['timeline', contactId, '--limit', '1'])).out).toMatch(/contact\.business_unblocked +key:\w+ +settled/);
  });
});

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
    const file = path.join(dir, 'key');
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
    const below = path.join(dir, 'a', 'b');
    mkdirSync(path.join(dir, '.keyturn'));
    mkdirSync(below, { recursive: true });
    writeFileSync(path.join(dir, '.keyturn', 'secrets.json'), JSON.stringify({ KEYTURN_ADMIN_API_KEY: ADMIN_KEY }));
    try {
      expect((await keyturn(['list'], {}, below)).code).toBe(0);
      expect((await keyturn(['list'], { KEYTURN_EMBEDDED_DIR: path.join(dir, '.keyturn') }, tmpdir())).code).toBe(0);
      const elsewhere = await keyturn(['list', '--url', 'http://keyturn.example'], {}, below);
      expect(elsewhere.code).toBe(5);
      expect(elsewhere.err).toContain('KEYTURN_API_KEY');
    } finally {
      rmSync(path.join(dir, '.keyturn'), { recursive: true });
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
  const ended = await keyturn(args, env);
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
