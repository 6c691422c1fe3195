import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { keepLine, until } from '@keyturn/testkit';
import { ADMIN_KEY } from '../console.fixture.ts';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';
import { readMail } from './mail.fixture.ts';

let world: Alerting;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await world.stop();
});

/** A console as a process of its own on the same database, which waits long for an answer. */
async function consoleProcess(): Promise<{ kill(): Promise<void> }> {
  const own = { DATABASE_URL: world.databaseUrl, KEYTURN_ADMIN_API_KEY: ADMIN_KEY, CONSOLE_PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'info' };
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...world.env, ...own, ALERT_TIMEOUT_MS: '30000' };
  const child = spawn(process.execPath, [fileURLToPath(new URL('../main.ts', import.meta.url))], { env: env as NodeJS.ProcessEnv });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  await until('a console is started', () => {
    if (child.exitCode !== null) throw new Error(`it ended:\n${said}`);
    return said.includes('"started"');
  });
  return {
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      running.delete(child);
      keepLine('alerts', said);
    },
  };
}

const receivers = () => [world.slack, world.pagerDuty, world.mail, world.webhook];
/** How often each receiver was sent something, whether or not it has answered. */
const sent = () => ({
  ...{ slack: world.slack.got.length, pagerduty: world.pagerDuty.got.length, webhook: world.webhook.got.length },
  mail: world.mail.mails.length + world.mail.held(),
});
/** A console sends to all, is killed before any has answered, and only then do they take it. */
async function killedBetweenSendAndRecord(times: number): Promise<void> {
  for (const one of receivers()) one.behaviour = 'hold';
  const console = await consoleProcess();
  await until('all have got it', () => Object.values(sent()).every((count) => count === times));
  await console.kill();
  for (const one of receivers()) one.release();
  await world.pool.query('update alert_delivery set next_attempt_at = now()'); // whoever sends is given up for dead
}
const attempts = async () => {
  const { rows } = await world.pool.query<{ route: string; status: string; outcomes: (string | null)[] }>(
    `select route, status, array_agg(outcome order by attempt) as outcomes from alert_delivery join alert_delivery_attempt using (delivery_id) group by 1, 2`,
  );
  return Object.fromEntries(rows.map(({ route, status, outcomes }) => [route, [status, ...outcomes]]));
};

it('what a console sent that is killed before it records it is one incident at PagerDuty, and elsewhere repeated once, marked as that, also where the next one is killed too', async () => {
  await world.rule({ kind: 'identity_changes', name: 'kill', routes: ['slack', 'pagerduty', 'mail', 'webhook'], waitSeconds: 0 });
  await world.leave();
  await world.pool.query('update alert_rule set next_look_at = now()');
  await world.says(...world.changed('4915277778888'));
  await killedBetweenSendAndRecord(1);
  await killedBetweenSendAndRecord(2);
  for (const one of receivers()) one.behaviour = 'well';
  await consoleProcess();
  await until('PagerDuty has it on record', async () => (await attempts()).pagerduty?.[0] === 'delivered');
  await until('the others are given up', async () => (await attempts()).mail?.[0] === 'given_up');
  const [twice, thrice] = [
    ['given_up', null, null],
    ['delivered', null, null, 'delivered'],
  ];
  expect(await attempts()).toEqual({ slack: twice, mail: twice, webhook: twice, pagerduty: thrice });
  expect(world.pagerDuty.incidents).toMatchObject([{ status: 'triggered', triggers: 3 }]);
  expect(world.slack.channel.map(({ text }) => text.startsWith('[repeat]'))).toEqual([false, true]);
  expect(world.mail.mails.map(({ raw }) => readMail(raw).subject.startsWith('[repeat]'))).toEqual([false, true]);
  expect(new Set(world.mail.mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1])).size).toBe(1);
  expect(world.webhook.alerts().map(({ sent: { data }, verified }) => [data.repeat, verified])).toEqual([
    [false, true],
    [true, true],
  ]);
  expect(new Set(world.webhook.alerts().map(({ webhookId }) => webhookId)).size).toBe(1);
});
