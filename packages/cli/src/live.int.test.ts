import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerTopics } from '@keyturn/contracts';
import { compileCache, until } from '@keyturn/testkit';
import { ADMIN_KEY } from '../../../services/console/src/console.fixture.ts';
import { type Cli, cliWorld } from './cli.fixture.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await cliWorld(4915540000);
});
afterAll(() => cli.stop());

const main = fileURLToPath(new URL('main.ts', import.meta.url));

describe('keyturn tail', () => {
  /** Begins to follow; answers its lines as they come, and once it has begun. */
  async function tailing(...args: string[]) {
    const child = spawn(process.execPath, [main, 'tail', ...args], {
      env: { PATH: process.env.PATH, ...compileCache(), HOME: cli.dir, KEYTURN_URL: cli.world.url, KEYTURN_API_KEY: ADMIN_KEY },
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const ended = once(child, 'close') as Promise<[number]>; // all that it wrote has come by then
    return { child, lines, ended };
  }

  it('says who is blocked and why, and who no longer is, as it happens; and ends after so many', async () => {
    const { child, lines, ended } = await tailing('--count', '2');
    await once(child.stderr, 'data'); // it has begun
    const { contactId, waId } = await cli.blocked();
    await until('the block was said', () => lines.length > 0); // what moves twice between two looks is said once
    await cli.keyturn(['ack', contactId, '--same-person', '--reason', 'called back', '--yes']);
    expect((await ended)[0]).toBe(0);
    expect(lines[0]).toMatch(new RegExp(`\\+${waId} {2}blocked: .*${contactId}`));
    expect(lines[1]).toMatch(new RegExp(`\\+${waId} {2}clear {2}${contactId}`));
  });

  it('with --json each line is a document, with nothing about the person', async () => {
    const { lines, ended } = await tailing('--json', '--count', '1');
    await until('one is told', async () => {
      await cli.blocked(); // what came before it began is not told
      return lines.length > 0;
    });
    await ended;
    const said = JSON.parse(lines[0] ?? '');
    expect(Object.keys(said).sort()).toEqual(['contactId', 'openChanges', 'status', 'version']);
  });

  it.each([
    ['5: a key that nobody has', { KEYTURN_API_KEY: 'wrong' }, [], 5],
    ['6: nobody listens', { KEYTURN_API_KEY: 'x' }, ['--url', 'http://127.0.0.1:1'], 6],
  ])('exit code %s', async (_what, env, args, code) => {
    expect(await cli.keyturn(['tail', ...args], env)).toMatchObject({ code, out: '' });
  });
});

describe('keyturn contact', () => {
  it('shows whoever is meant by what was typed, with what happened; of several who they are', async () => {
    const one = await cli.blocked('Zahra One');
    await cli.blocked('Zahra Two');
    const { out, code } = await cli.keyturn(['contact', '+49', one.waId.slice(2)]);
    expect(code).toBe(0);
    for (const part of [`Somebody else may hold +${one.waId}`, one.contactId, 'Zahra One', 'identity.blocked']) expect(out).toContain(part);
    const several = await cli.keyturn(['contact', 'zahra']);
    expect(several.out).toMatch(/WHO +NAME +IDENTITY +CONTACT\n.*Zahra One +blocked.*\n.*Zahra Two +blocked/);
    expect((await cli.json('contact', one.contactId)).items).toMatchObject([{ contactId: one.contactId }]);
    expect((await cli.keyturn(['contact', 'nobody at all'])).code).toBe(3);
  });
});

describe('keyturn health', () => {
  const offsets = (at: string) =>
    cli.world.pool.query(
      `insert into consumer_offset (group_id, topic, partition, next_offset, caught_up_at) select unnest($1::text[]), 'test', 0, 0, ${at}
       on conflict (group_id, topic, partition) do update set caught_up_at = excluded.caught_up_at`,
      [Object.keys(consumerTopics)],
    );

  it('exit code 8 with what is not as it should be, and 0 where all is', async () => {
    await cli.world.pool.query('truncate outbox, consumer_offset');
    expect(await cli.keyturn(['health'])).toMatchObject({ code: 8, err: expect.stringContaining('identity has not caught up yet') });
    await offsets(`now() - interval '90 seconds'`);
    const behind = await cli.keyturn(['health']);
    expect(behind).toMatchObject({
      code: 8,
      out: expect.stringMatching(/identity +caught up 1 min ago[\s\S]*! identity is (9|10|11)\d s behind/),
    });
    await offsets(`now() + interval '1 hour'`);
    expect(await cli.keyturn(['health'])).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/webhooks +none has come yet[\s\S]*relay +0 to publish\ndecisions +\d+ open/),
    });
    expect(await cli.json('health')).toMatchObject({ healthy: true, concerns: [], deadLetters: [] });
  });

  it('says when the last webhook came and how many do beside what is usual, and where none does, what to look at', async () => {
    await offsets(`now() + interval '1 hour'`);
    await cli.world.pool.query(
      `insert into webhook_count select at, case when at < t - interval '40 minutes' then 10 else 0 end, at + interval '5 minutes'
       from date_bin('5 minutes', now(), 'epoch') as t, generate_series(t - interval '29 days', t - interval '5 minutes', interval '5 minutes') as at`,
    );
    expect(await cli.keyturn(['health'])).toMatchObject({
      code: 8,
      out: expect.stringMatching(/webhooks +the last 4\d min ago, 40 within an hour; usual at this hour: 120 or more\n/),
      err: expect.stringMatching(
        /Nothing has come from WhatsApp since .*: 80 webhooks are usual in that time\. Check first: .*keyturn doctor/,
      ),
    });
  });
});

describe('the settings file', () => {
  const settings = (name: string, content: object) => {
    const file = path.join(cli.dir, name);
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
    return file;
  };

  it('names the console and its key, which goes to no other console', async () => {
    writeFileSync(path.join(cli.dir, 'own-key'), `${ADMIN_KEY}\n`);
    const file = settings('config.json', { url: cli.world.url, apiKeyFile: 'own-key' });
    const env = { KEYTURN_URL: '', KEYTURN_CONFIG: file };
    expect(await cli.keyturn(['list', '--limit', '1'], env)).toMatchObject({ code: 0, err: '' });
    expect(await cli.keyturn(['list', '--url', 'http://keyturn.example'], env)).toMatchObject({ code: 5 });
    expect(await cli.keyturn(['list'], { ...env, KEYTURN_API_KEY: 'wrong' })).toMatchObject({ code: 5 }); // the environment outranks it
  });

  it.each<[string, object, number, number, string]>([
    ['that others may read with a key in it', { apiKey: 'x' }, 0o644, 5, 'chmod 600'],
    ['with what nobody knows', { key: 'x' }, 0o600, 2, 'no settings file'],
    ['with two keys', { apiKey: 'x', apiKeyFile: 'y' }, 0o600, 2, 'keep one'],
  ])('is refused %s', async (_what, content, mode, code, says) => {
    const file = settings('refused.json', content);
    chmodSync(file, mode);
    expect(await cli.keyturn(['list'], { KEYTURN_CONFIG: file })).toMatchObject({ code, err: expect.stringContaining(says) });
  });
});
