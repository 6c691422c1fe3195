import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';
import { readMail } from './mail.fixture.ts';

let world: Alerting;
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(() => world.stop());

it('once a day everything that awaits a decision comes by mail, each change with the link that opens it, and no number but a masked one', async () => {
  await world.route({ kind: 'email', name: 'boss', to: ['boss@bank.example'], language: 'ar' });
  await world.rule({ kind: 'digest', name: 'daily', routes: ['boss'], at: '08:00', timeZone: 'Asia/Riyadh' });
  const waIds = ['4915266660001', '4915266660002'];
  const people = [await world.block(waIds[0]), await world.block(waIds[1])];
  await until('both are known', async () => (await world.pool.query('select 1 from alert_change')).rowCount === 2);
  const isPlanned = async () =>
    (await world.pool.query(`select 1 from alert_rule where name = 'daily' and due_at is not null`)).rowCount === 1;
  await until('the next is planned', isPlanned);
  expect(world.mail.mails).toEqual([]);
  await world.pool.query(`update alert_rule set due_at = now() where name = 'daily'`);
  await until('it came', () => world.mail.mails.length === 1);
  const { subject, html, text } = readMail(world.mail.mails[0]?.raw ?? '');
  expect(subject).toMatch(/تغيّران ينتظران قرارًا/);
  expect(html).toContain('<html lang="ar" dir="rtl">');
  for (const { contactId } of people)
    for (const body of [html, text]) expect(body).toContain(`https://console.example/changes/${contactId}`);
  expect(text).toContain('491********01');
  for (const waId of waIds) expect(`${subject}${html}${text}`).not.toContain(waId);
  expect(text.split('\n').slice(0, 3).join()).not.toMatch(/\*/);
  const { rows } = await world.pool.query<{ hours: number }>(
    `select extract(epoch from due_at - now())::int / 3600 as hours from alert_rule where name = 'daily'`,
  );
  expect(rows[0]?.hours).toBeLessThanOrEqual(24);
  expect(world.mail.mails).toHaveLength(1);
});
