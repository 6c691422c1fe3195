import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContactJson, HealthJson, RunbookJson } from '@keyturn/contracts';
import { type SlackServer, slackServer } from '@keyturn/testkit/alerts';
import { tellsOfAlerts } from './alerts.stories.ts';
import type { View } from './browser.ts';
import { hostile } from './hostile.ts';
import { looksRight } from './looks-right.ts';
import { holdsLongNames } from './names.stories.ts';
import { type OnPage, startOnPage } from './on-page.ts';
import { decidesOnLetters, makesRoute, setAlerts, setsRule, settingsEnv } from './settings.stories.ts';
import { holdsStill } from './still.stories.ts';

const views: View[] = (['en', 'ar'] as const).flatMap((language) =>
  (['phone', 'desktop'] as const).map((device) => ({
    language,
    device,
    theme: device === 'phone' ? ('dark' as const) : ('light' as const),
  })),
);
let on: OnPage;
let slack: SlackServer;
beforeAll(async () => {
  slack = await slackServer();
  on = await startOnPage(settingsEnv(slack));
  await setAlerts(on);
  await tellCourse();
});
afterAll(async () => {
  await on.stop();
  await slack.down();
});

const DAY_S = 86_400;
const now = Math.floor(Date.now() / 1_000);
/** Tells of a number of ours that was raised, flagged and lowered, and sent; and of hours in which webhooks came, none came, and nobody counted. */
async function tellCourse(): Promise<void> {
  const said = [
    [40, 'UPGRADE', 'TIER_1K'],
    [20, 'FLAGGED', 'TIER_1K'],
    [10, 'DOWNGRADE', 'TIER_250'],
  ] as const;
  for (const [daysAgo, event, limit] of said) {
    const value = { display_phone_number: '12025550199', event, current_limit: limit };
    const changes = [{ field: 'phone_number_quality_update', value }];
    const entry = [{ id: '200000000000001', time: now - daysAgo * DAY_S, changes }];
    expect(await on.line.post(JSON.stringify({ object: 'whatsapp_business_account', entry }))).toBe(200);
  }
  await on.blocked();
  await on.line.query(
    `insert into gate_day select current_date - 1, '100000000000001', 'utility', d, n from (values ('allow', 1234), ('deny', 7)) as x(d, n)`,
  );
  await on.line.query(`insert into ungated_day (day, phone_number_id, messages) values (current_date - 2, '100000000000001', 3)`);
  const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - minutes * 60_000);
  await on.line.query(`insert into webhook_count values ($1, 120, $2), ($3, 0, $4) on conflict do nothing`, [
    ...[minutesAgo(180), minutesAgo(175), minutesAgo(120), minutesAgo(115)],
  ]);
}

const screens = (contactId: string): [path: string, whenThere: string][] => [
  ['/', '.changes .row'],
  [`/changes/${contactId}`, '.timeline-entry'],
  ['/contacts', 'form'],
  [`/contacts/${contactId}`, '.timeline-entry'],
  ['/numbers', '.card'],
  ['/numbers/100000000000001', '.chart'],
  ['/bulk?signal=hash', '.verdict'],
  ['/health', '.step'],
  ['/alerts', '.alerts h1'],
  ['/settings', '.member'],
  ['/settings/alerts', '.member'],
  ['/settings/retention', '.member'],
  ['/settings/new-rule', 'form'],
  ['/settings/rules/k-2', 'form'],
  ['/settings/rules/k-1', 'form'],
  ['/settings/new-route', 'form'],
  ['/settings/routes/r-2', 'form'],
  ['/settings/routes/r-1', 'form'],
  ['/audit', '.timeline-entry'],
  ['/nowhere-at-all', '.state a'],
];

describe.each(views)('on a $device in $language, $theme', (view) => {
  it('every screen is right', async () => {
    const { contactId } = await on.blocked();
    const { context, page, complaints } = await on.signedIn(view);
    for (const [path, whenThere] of screens(contactId)) {
      if (path === '/nowhere-at-all') await page.evaluate(() => history.pushState(null, '', '/nowhere-at-all'));
      else await page.goto(on.door.url + path);
      await page.locator(whenThere).first().waitFor();
      for (const table of await page.locator('.chart summary').all()) await table.click();
      await looksRight(page, view.language);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('finds a person by their number, which then stands nowhere it would stay', async () => {
    const { waId, contactId } = await on.blocked();
    const { context, page } = await on.signedIn(view);
    await page.goto(`${on.door.url}/contacts`);
    const digits = view.language === 'ar' ? waId.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))) : `+${waId}`;
    await page.getByRole('textbox').fill(digits);
    await page.keyboard.press('Enter');
    await page.locator(`a[href="/contacts/${contactId}"]`).click();
    await page.locator('.timeline-entry').first().waitFor();
    const left = await page.evaluate(() => JSON.stringify([location.href, document.title, { ...localStorage }, { ...sessionStorage }]));
    expect(left).not.toContain(waId.slice(-7));
    await context.close();
  });
});

it('a runbook that is written on the page stands beside the decision from then on, and its addresses are links', async () => {
  const { contactId } = await on.blocked();
  const { context, page, complaints } = await on.signedIn({ language: 'ar', device: 'phone' });
  await page.goto(`${on.door.url}/settings`);
  const section = page.locator('.runbook-settings');
  await section.locator('form > button').click();
  const rule = section.locator('.rules > li');
  await rule.getByRole('textbox').first().fill('هاتف جديد');
  await rule.getByRole('checkbox').first().check();
  await rule.getByRole('textbox').last().fill('اتصل بالفرع.\nhttps://wiki.bank.example/verify');
  await looksRight(page, 'ar');
  await page.locator('.tabs a').last().click();
  await page.getByRole('dialog').waitFor(); // what is written is not lost by leaving
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await section.locator('button[type=submit]').click();
  await section.getByText('حُفظ').waitFor();
  await page.goto(`${on.door.url}/changes/${contactId}`);
  await page.locator('.runbook', { hasText: 'اتصل بالفرع.' }).waitFor();
  const link = page.locator('.runbook a');
  expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
    'https://wiki.bank.example/verify',
    'noopener noreferrer',
  ]);
  await page.locator('.timeline-entry').first().waitFor();
  await looksRight(page, 'ar');
  expect(complaints).toEqual([]);
  await context.close();
});

it('whatever people write, nothing of it runs', async () => {
  const { context, page, complaints } = await on.signedIn({ language: 'en', device: 'desktop' });
  const { version } = (await on.line.api<RunbookJson>('GET', '/v1/runbook')).body;
  const rules = [{ name: hostile[0], text: hostile.join('\n') }];
  expect((await on.line.api('PUT', '/v1/runbook', { version, general: hostile.join('\n'), rules })).status).toBe(200);
  const ran: string[] = [];
  await context.exposeBinding('pwned', (source) => void ran.push(source.page.url()));
  context.on('dialog', (dialog) => void ran.push(dialog.message()));
  for (const payload of hostile) {
    const { contactId } = await on.blocked(payload);
    const { body } = await on.line.api<{ identity: { keyHash: string; version: number } }>('GET', `/v1/contacts/${contactId}`);
    const { keyHash, version } = body.identity;
    await page.goto(on.door.url);
    await page.locator(`a[href="/changes/${contactId}"]`).hover();
    await on.line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
      keyHash,
      version,
      verdict: 'same_person',
      reason: payload,
      note: payload,
    });
    await on.line.api('PUT', `/v1/contacts/${contactId}/business-block`, { reason: payload, note: payload });
    await on.line.settled(); // else what follows comes in above what is looked at
    for (const path of [`/changes/${contactId}`, `/contacts/${contactId}`]) {
      await page.goto(on.door.url + path);
      await page.locator('.timeline-entry').first().waitFor();
      await page.locator('.timeline-entry', { hasText: 'Decided' }).locator('.grounds', { hasText: payload }).first().hover();
      expect(await page.locator('.grounds a').count()).toBe(0);
    }
  }
  await page.goto(`${on.door.url}/changes/${(await on.blocked()).contactId}`);
  await page.locator('.runbook', { hasText: hostile[0] as string }).waitFor();
  expect(await page.locator('.runbook a').count()).toBe(0);
  await page.goto(`${on.door.url}/settings`);
  await page.locator('.runbook-settings textarea').first().waitFor();
  expect({ ran, complaints }).toEqual({ ran: [], complaints: [] });
  await context.close();
});

it('a viewer reads all and is offered no decision; a role taken away works at once', async () => {
  const { contactId } = await on.blocked();
  const viewer = await on.member('viewer');
  const { context, page } = await on.signedIn({ language: 'en', device: 'phone' }, viewer);
  await page.goto(`${on.door.url}/changes/${contactId}`);
  await page.locator('.timeline-entry').first().waitFor();
  expect(await page.locator('form.decide').count()).toBe(0);
  await page.getByText('Your role can look, not decide.').waitFor();
  await page.goto(`${on.door.url}/contacts/${contactId}`);
  await page.locator('.timeline-entry').first().waitFor();
  expect(await page.getByRole('button', { name: 'Block this person' }).count()).toBe(0);
  await page.goto(`${on.door.url}/settings/alerts`);
  await page.getByText('Your role looks. Rules are set by admins.').waitFor();
  await page.getByRole('link', { name: 'Look at k-2' }).click();
  await page.locator('.pairs', { hasText: 'Minutes after the page' }).waitFor();
  expect(await page.locator('form, .settings button').count()).toBe(0);
  await looksRight(page, 'en');
  await on.line.api('PATCH', `/v1/members/${viewer.actor.slice('member:'.length)}`, { disabled: true });
  await page.goto(`${on.door.url}/changes/${contactId}`);
  await page.getByLabel('Password').waitFor();
  await context.close();
});

it('says of each verdict what it does to whom, on queue and change what went past the gate, and of all that was sent how much of it is shown', async () => {
  const { waId, contactId } = await on.blocked();
  const { context, page } = await on.signedIn({ language: 'en', device: 'desktop' });
  await on.line.query(
    `insert into outbound_ungated (wamid, sent_at, identifier, waba_id, phone_number_id, source)
     values ('wamid.past', now(), 'w:${waId}', '200000000000001', '100000000000001', 'api')`,
  );
  await on.line.query(
    `insert into outbound_status (identifier, occurred_at, wamid, rank, waba_id, phone_number_id, category)
     select 'w:${waId}', now() - i * interval '1 second', 'wamid.sent.' || i, 1, '200000000000001', '100000000000001', 'utility'
     from generate_series(1, 60) i`,
  );
  await page.goto(on.door.url);
  await page.locator(`a[href="/changes/${contactId}"] .ungated`, { hasText: '1 message went past the gate' }).click();
  await page.locator('p.ungated', { hasText: '1 message past the gate while blocked' }).waitFor();
  await page.locator('summary').click();
  await page.getByText('The newest 50 of 60.').waitFor();
  await page.locator('details button').click();
  await page.locator('details li').nth(59).waitFor();
  expect(await page.locator('.more-of').count()).toBe(0);
  const [same, different] = [page.locator('.verdict').first(), page.locator('.verdict').last()];
  const list = 'utility, authentication, service';
  await same.getByText(`Opt-ins that stay: ${list}`).waitFor();
  await different.getByText(`New contact: opted in by what the new holder wrote, to ${list}`).waitFor();
  await different.getByText(`Old contact, without this number: opt-ins end for ${list}`).waitFor();
  await page.getByRole('radio').last().check({ force: true });
  await page.getByRole('combobox').selectOption({ index: 1 });
  await page.locator('form.decide button[type=submit]').click();
  await page.locator('.decided').waitFor();
  const optedIn = async (id: string) => {
    const { consent } = (await on.line.api<ContactJson>('GET', `/v1/contacts/${id}`)).body;
    return Object.entries(consent).flatMap(([category, { status }]) => (status === 'opted_in' ? [category] : []));
  };
  await on.line.settled();
  expect({ old: await optedIn(contactId), new: await optedIn((await on.contactOf(waId)).contactId) }).toEqual({
    old: [],
    new: list.split(', '),
  });
  await context.close();
});

it.each(['en', 'ar'] as const)('draws what came in, and how a number went, with words for all of it: %s', async (language) => {
  const { context, page, complaints } = await on.signedIn({ language, device: 'desktop' });
  await page.route('**/v1/health', async (route) => {
    const answer = await route.fetch();
    const health = (await answer.json()) as HealthJson;
    await route.fulfill({
      response: answer,
      json: { ...health, webhooks: { ...health.webhooks, silence: { since: health.asOf, usual: 1_200 } } },
    });
  });
  await page.goto(`${on.door.url}/health`);
  await page.locator('.rate .note', { hasText: '1,200' }).waitFor();
  await looksRight(page, language);
  await page.locator('.rate select').selectOption('6h');
  await page.locator('.rate[aria-busy=false] .column').first().waitFor(); // until then what stands there is of 24 hours
  const rate = page.getByRole('slider');
  await rate.press('Home');
  const [first, unknown] = [await rate.getAttribute('aria-valuetext'), language === 'en' ? 'not known' : 'غير معروف'];
  expect(first).toContain(unknown);
  await page.locator('.rate .chart summary').click();
  await page.locator('.rate tr', { hasText: '120' }).waitFor();
  const cells = await page.locator('.rate td').allTextContents();
  expect([cells.length, cells.includes('0'), cells.includes(unknown)]).toEqual([72, true, true]);
  const [oldest, newest] = [
    await page.locator('.rate .column').first().boundingBox(),
    await page.locator('.rate .column').last().boundingBox(),
  ];
  expect(Math.sign((newest?.x ?? 0) - (oldest?.x ?? 0))).toBe(language === 'en' ? 1 : -1); // time runs as the language reads
  await page.goto(`${on.door.url}/numbers/100000000000001`);
  await page.locator('.chart').first().waitFor();
  for (const table of await page.locator('.chart summary').all()) await table.click();
  for (const words of { en: ['1,000 people a day', '250 people a day', 'flagged'], ar: ['1,000 شخص يوميًا', '250 شخص يوميًا', 'عليه علامة'] }[
    language
  ])
    await page.locator('.chart-table td', { hasText: words }).first().waitFor();
  expect(await page.locator('.chart .unknown').count()).toBe(2); // before anything was said
  const sent = await page.locator('.chart-table tr', { hasText: '1,234' }).locator('td').allTextContents();
  expect(sent).toEqual(['1,234', '7']);
  await page.locator('.sum[data-bad=true]', { hasText: '3' }).waitFor();
  await looksRight(page, language);
  expect(complaints).toEqual([]);
  await context.close();
});

it.each(['en', 'ar'] as const)(
  'of an alert is said which number, consumer or route it is about, how much of it there is, and where to look: %s',
  (language) => tellsOfAlerts(on, language),
);
it('makes a route with what is wrong said at its field, tests it, and sees where it fails', () => makesRoute(on, slack));
it('makes, changes, switches off and deletes a rule by keyboard alone, on top of what somebody else set meanwhile', () => setsRule(on));
it('reads again and discards by click what could not be applied, with what that does said before and the reason kept', () =>
  decidesOnLetters(on));
it('names as long as they may be break no screen', () => holdsLongNames(on));
it('nothing moves for an answer, however late it comes, and the focus is where it is said', () => holdsStill(on));
