import { expect } from '@jest/globals';
import type { AlertRouteJson, AlertRuleJson, DeadLetterJson } from '@keyturn/contracts';
import type { SlackServer } from '@keyturn/testkit/alerts';
import type { Page } from 'playwright-core';
import { bodyOf, text } from '../payload.ts';
import { until } from '../until.ts';
import { answersLate } from './answers-late.ts';
import { looksRight } from './looks-right.ts';
import type { OnPage } from './on-page.ts';

/** The variables of a console that keeps secrets of routes, and may reach a Slack on this machine. */
export const settingsEnv = (slack: SlackServer): NodeJS.ProcessEnv => ({
  KEYTURN_VERIFICATION_KEY: 'an-alert-key-for-tests-only',
  ALERT_PRIVATE_ORIGINS: slack.origin,
});
/** Sets routes and rules as somebody else does, by the API: `r-1`, `r-2`, `k-1`, `k-2`. */
export async function setAlerts(on: OnPage): Promise<void> {
  const set = async (what: 'rules' | 'routes', setting: object) =>
    expect((await on.line.api('POST', `/v1/alert-${what}`, setting)).status).toBe(201);
  await set('routes', { kind: 'email', name: 'r-2', to: ['ada@example.com', 'grace@example.com'], language: 'ar' });
  await set('routes', { kind: 'webhook', name: 'r-1', url: 'https://example.com/a/rather/long/path/of/alerts?for=the-desk' });
  await set('rules', { kind: 'digest', name: 'k-1', routes: ['r-2'], at: '08:00', timeZone: 'Asia/Riyadh' });
  await set('rules', {
    ...{ kind: 'identity_changes', name: 'k-2', routes: ['r-1'], escalate: [{ afterMinutes: 15, routes: ['r-2', 'r-1'] }] },
    when: { signals: ['hash', 'number_lost'], optedInTo: ['marketing'], phoneNumberIds: ['100000000000001'] },
  });
}

/** The secret by which a webhook is verified has the focus once it is shown. */
async function readsSecret(on: OnPage, page: Page): Promise<void> {
  await page.goto(`${on.door.url}/settings/routes/r-1`);
  await page.getByRole('button', { name: 'اعرض السر' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('bdi.secret').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('whsec_');
  await page.goBack();
}

async function rulesByName(on: OnPage): Promise<ReadonlyMap<string, AlertRuleJson>> {
  const { items } = (await on.line.api<{ items: AlertRuleJson[] }>('GET', '/v1/alert-rules')).body;
  return new Map(items.map((one) => [one.rule.name, one]));
}

/** Whoever sets a route is told at its field what is wrong, and of a test what the route answered. */
export async function makesRoute(on: OnPage, slack: SlackServer): Promise<void> {
  const { context, page, complaints } = await on.signedIn({ language: 'ar', device: 'phone' });
  await answersLate(page);
  const field = (name: string) => page.locator(`.field:has([name="${name}"])`);
  await page.goto(`${on.door.url}/settings/new-route`);
  await field('name').locator('input').fill('On call');
  await page.keyboard.press('Enter');
  await field('name').locator('.react-aria-FieldError').waitFor();
  await looksRight(page, 'ar');
  await field('name').locator('input').fill('r-1');
  await field('url').locator('input').fill('http://10.0.0.1/hooks');
  await page.keyboard.press('Enter');
  await field('url').getByText('عنوان مؤمَّن').waitFor();
  await field('url').locator('input').fill(slack.url);
  await page.keyboard.press('Enter');
  await field('name').getByText('يوجد واحد بهذا الاسم').waitFor();
  expect(await field('url').locator('input').inputValue()).toBe(slack.url);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('name');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('r-3');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/settings/routes/r-3');
  const test = page.getByRole('button', { name: 'أرسل تجربة' });
  await test.click();
  await page.locator('.tested', { hasText: 'استلمتها الوجهة (الحالة 200). جوابها: ok' }).waitFor();
  slack.behaviour = { refuse: { status: 404, body: 'no_service' } };
  await test.click();
  await page.locator('.tested', { hasText: 'رفضتها الوجهة (الحالة 404). جوابها: no_service' }).waitFor();
  await page.locator('.timeline-entry', { hasText: 'no_service' }).waitFor();
  await page.locator('.route-now', { hasText: 'لا تستلم' }).waitFor();
  await looksRight(page, 'ar');
  await readsSecret(on, page);
  expect(await page.content()).not.toContain(slack.url);
  await page.goto(`${on.door.url}/alerts`);
  await page.locator('.note a[href="/settings/routes/r-3"]').waitFor();
  slack.behaviour = 'well';
  const { items } = (await on.line.api<{ items: AlertRouteJson[] }>('GET', '/v1/alert-routes')).body;
  expect(items.find(({ route }) => route.name === 'r-3')).toMatchObject({
    isComplete: true,
    route: { kind: 'slack', language: 'ar' },
  });
  expect(complaints).toEqual([]);
  await context.close();
}

/** Whoever sets a rule needs no mouse, loses nothing, and overwrites nothing unseen. */
export async function setsRule(on: OnPage): Promise<void> {
  const { context, page, complaints } = await on.signedIn({ language: 'en', device: 'desktop' });
  const press = async (name: string | RegExp, key = 'Enter') => {
    await page.getByRole(typeof name === 'string' && name.startsWith('Change ') ? 'link' : 'button', { name }).focus();
    await page.keyboard.press(key);
  };
  await page.goto(`${on.door.url}/settings/new-rule`);
  await page.getByLabel('Name').fill('by-night');
  await page.getByLabel('From how many on').fill('0');
  await page.keyboard.press('Enter');
  await page.getByText('A whole number from 1 to 1,000,000.').waitFor();
  await page.getByText('Choose one to 20 routes.').waitFor();
  await looksRight(page, 'en');
  await page.getByLabel('From how many on').fill('٥');
  await page.getByRole('group', { name: 'Told first' }).getByLabel('r-1').focus();
  await page.keyboard.press('Space');
  await press('Add a step');
  await page.getByRole('group', { name: 'Then also told' }).getByLabel('r-2').focus();
  await page.keyboard.press('Space');
  await press('Make it');
  await page.waitForURL('**/settings/alerts');
  const made = (await rulesByName(on)).get('by-night') as AlertRuleJson;
  expect(made.rule).toMatchObject({ routes: ['r-1'], when: { atLeast: 5 }, escalate: [{ afterMinutes: 15, routes: ['r-2'] }] });

  await press('Change by-night');
  await page.getByLabel('Severity').selectOption('warning');
  const { status } = await on.line.api('PUT', '/v1/alert-rules/by-night', {
    version: made.version,
    rule: { ...made.rule, waitSeconds: 99 },
  });
  expect(status).toBe(200);
  await press('Save');
  await page.getByText('It must last so many seconds: 20 → 99').waitFor();
  await looksRight(page, 'en');
  await press('Keep what I changed, take the rest');
  await page.getByText('20 → 99').waitFor({ state: 'detached' });
  await press('Save');
  await page.waitForURL('**/settings/alerts');
  expect((await rulesByName(on)).get('by-night')?.rule).toMatchObject({ severity: 'warning', waitSeconds: 99, when: { atLeast: 5 } });

  await switchesOffAndDeletes(on, page, press);
  expect(complaints).toEqual([]);
  await context.close();
}

async function switchesOffAndDeletes(on: OnPage, page: Page, press: (name: string | RegExp) => Promise<void>): Promise<void> {
  await page.locator('.member', { hasText: 'by-night' }).getByText('Severity: Warning').waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await press('Switch off: by-night');
  await page.getByRole('dialog').getByText('what it has open ends').waitFor();
  await press('Cancel');
  expect(await focused()).toBe('Switch off: by-night');
  await press('Switch off: by-night');
  await inDialog(page, 'Switch off');
  await page.locator('.member', { hasText: 'by-night' }).getByText('off', { exact: true }).waitFor();
  expect((await rulesByName(on)).get('by-night')?.rule.isOn).toBe(false);

  await press('Change by-night');
  await page.getByLabel('Severity').selectOption('info');
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('dialog').getByText('is not saved').waitFor();
  await looksRight(page, 'en');
  await page.keyboard.press('Enter');
  expect(await page.getByLabel('Severity').inputValue()).toBe('info');
  await page.evaluate(() => history.back());
  await press('Leave without saving');
  await page.waitForURL('**/settings/alerts');
  await press('Change by-night');
  await press('Delete this rule');
  await page.getByRole('dialog').getByText('What it has open ends.').waitFor();
  await inDialog(page, 'Delete this rule');
  await page.waitForURL('**/settings/alerts');
  expect((await rulesByName(on)).has('by-night')).toBe(false);
}

async function inDialog(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
}

/** Whoever decides on dead letters knows before what that does, and gives the reason that is kept. */
export async function decidesOnLetters(on: OnPage): Promise<void> {
  const { context, page, complaints } = await on.signedIn({ language: 'en', device: 'phone' });
  await answersLate(page);
  await on.line.query(`alter table identity_state add constraint fault check (state::text not like '%POISON%') not valid`);
  const people = ['966509999001', '966509999002'].map((waId) => ({ waId }));
  for (const person of people) expect(await on.line.post(bodyOf([text(person, 0, 'POISON')]))).toBe(200);
  await on.line.settled();
  const decide = async (begin: string, says: string, reason: string, end: string) => {
    await page.goto(`${on.door.url}/health`);
    await page.getByRole('button', { name: begin, exact: true }).click();
    await page.getByText(says).waitFor();
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: end }).click();
    await page.getByText('2 records were decided on.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('2 records were decided on.');
  };
  const letters = async (status: string) =>
    (await on.line.api<{ items: DeadLetterJson[] }>('GET', `/v1/dead-letters?group=identity&status=${status}`)).body.items;
  await decide('Read again', 'The consumer reads them once more.', 'too early', 'Read all of them again');
  await until('they failed again', async () => (await letters('open')).filter(({ attempts }) => attempts > 1).length === 2);
  await decide('Discard', 'This can’t be undone.', 'sent by a test', 'Discard all of them');
  expect((await letters('discarded')).map(({ decision }) => decision)).toEqual(
    people.map(() => expect.objectContaining({ actor: on.admin.actor, reason: 'sent by a test' })),
  );
  await on.line.query('alter table identity_state drop constraint fault');
  expect(complaints).toEqual([]);
  await context.close();
}
