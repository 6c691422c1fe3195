import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compileCache, keepFromLogs, keepLine, until } from '@keyturn/testkit';
import { type BusinessEndpoint, businessEndpoint } from '@keyturn/testkit/business-endpoint';
import { ADMIN_KEY, consoleWorld, message, type World } from '../console.fixture.ts';
import { askingEnv, says, T } from './asking.fixture.ts';

let business: BusinessEndpoint;
/** Its own console has no key: it asks nobody. */
let world: World;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  business = await businessEndpoint();
  world = await consoleWorld();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  business.release();
  await business.close();
  await world.stop();
});

/** A console as a process of its own; answers once it serves. */
async function consoleProcess(): Promise<{ url: string; kill(): Promise<void> }> {
  const own = { DATABASE_URL: world.databaseUrl, KEYTURN_ADMIN_API_KEY: ADMIN_KEY, CONSOLE_PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'info' };
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...compileCache(),
    ...askingEnv(business),
    ...own,
    CONSOLE_PUBLIC_URL: 'http://console.example',
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL('../main.ts', import.meta.url))], { env: env as NodeJS.ProcessEnv });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const started = () => said.split('\n').find((line) => line.includes('"started"'));
  await until('a console is started', async () => {
    if (child.exitCode !== null) throw new Error(`it ended:\n${said}`);
    return started() !== undefined;
  });
  const { url } = JSON.parse(started() as string) as { url: string };
  const kill = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    running.delete(child);
    keepLine('verification', said);
  };
  return { url, kill };
}

it('a console that is killed between the send and its record leaves a request that is sent again under the same id, and answered once', async () => {
  const first = await consoleProcess();
  const call = async (path: string, method = 'GET', body?: unknown) =>
    (
      await fetch(`${first.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    ).json() as Promise<{ secret: string }>;
  const rules = {
    version: 0,
    reason: 'a test',
    endpoints: [{ name: 'app', url: business.url }],
    rules: [{ name: 'all', endpoint: 'app' }],
  };
  await call('/v1/verification-rules', 'PUT', rules);
  business.secret = (await call('/v1/verification-endpoints/app/secret')).secret;
  keepFromLogs(business.secret);
  business.behaviour = 'hold';
  await world.says(message({ waId: '4915200777', at: T, hash: 'A=' }), message({ waId: '4915200777', at: T + 60, hash: 'B=' }));
  await until('the business got it', async () => business.requests.length === 1);
  await first.kill();
  business.release();
  await world.pool.query('update verification set next_attempt_at = now()'); // whoever sends is given up for dead
  business.behaviour = 200;
  const second = await consoleProcess();
  await until('it comes again', async () => business.requests.length === 2);
  const [once_, again] = business.requests;
  expect([again?.webhookId, again?.body, again?.verified]).toEqual([once_?.webhookId, once_?.body, true]);
  await until('it is on record', async () => (await attempts()).at(-1)?.outcome === 'delivered');
  expect(await attempts()).toEqual([
    { attempt: 1, outcome: null },
    { attempt: 2, outcome: 'delivered' },
  ]);
  const answers = await Promise.all(
    business.requests.map(({ requested }) => business.answer(reaching(requested, second.url), says('same_person'))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect((await world.pool.query('select 1 from identity_decision')).rows).toHaveLength(1);
});

const attempts = async () =>
  (
    await world.pool.query<{ attempt: number; outcome: string | null }>(
      'select attempt, outcome from verification_delivery order by attempt',
    )
  ).rows;
const reaching = <Requested extends { data: { callbackUrl: string } }>(requested: Requested, url: string): Requested => ({
  ...requested,
  data: { ...requested.data, callbackUrl: requested.data.callbackUrl.replace('http://console.example', url) },
});
