import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContactJson } from '@keyturn/contracts';
import type { View } from './browser.ts';
import { looksRight } from './looks-right.ts';
import { type OnPage, startOnPage } from './on-page.ts';

const views: View[] = (['en', 'ar'] as const).flatMap((language) =>
  (['phone', 'desktop'] as const).map((device) => ({
    language,
    device,
    theme: device === 'phone' ? ('dark' as const) : ('light' as const),
  })),
);
/** Each would run in a page that takes text for markup, a link for what it says, or a format for what it is not. */
const hostile = [
  '<img src=x onerror="pwned()">',
  '<script>pwned()</script>',
  '"><svg/onload=pwned()>',
  "'-pwned()-'",
  'javascript:pwned()',
  '{{constructor.constructor("pwned()")()}}',
  '#{pwned()}',
  '</textarea><iframe srcdoc="<script>parent.pwned()</script>">',
  '<a href="javascript:pwned()">x</a>',
  '\u202e<b onmouseover=pwned()>x',
];

let on: OnPage;
beforeAll(async () => {
  on = await startOnPage();
}, 60_000);
afterAll(() => on.stop(), 60_000);

const screens = (contactId: string): [path: string, whenThere: string][] => [
  ['/', '.changes .row'],
  [`/changes/${contactId}`, '.timeline-entry'],
  ['/contacts', 'form'],
  [`/contacts/${contactId}`, '.timeline-entry'],
  ['/numbers', '.card'],
  ['/numbers/100000000000001', '.bars'],
  ['/bulk?signal=hash', '.verdict'],
  ['/health', '.step'],
  ['/alerts', '.alerts h2'],
  ['/settings', '.member'],
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
      await looksRight(page, view.language);
    }
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

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

it('whatever people write, nothing of it runs', async () => {
  const { context, page, complaints } = await on.signedIn({ language: 'en', device: 'desktop' });
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
      await page.locator('.timeline-entry', { hasText: 'Decided' }).first().hover();
    }
  }
  expect({ ran, complaints }).toEqual({ ran: [], complaints: [] });
  await context.close();
}, 90_000);

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
  await on.line.api('PATCH', `/v1/members/${viewer.actor.slice('member:'.length)}`, { disabled: true });
  await page.goto(`${on.door.url}/changes/${contactId}`);
  await page.getByLabel('Password').waitFor();
  await context.close();
});

it('says of each verdict what it does to whom, and on queue and change what went past the gate', async () => {
  const { waId, contactId } = await on.blocked();
  const { context, page } = await on.signedIn({ language: 'en', device: 'desktop' });
  page.setDefaultTimeout(8_000);
  await on.line.query(
    `insert into outbound_ungated (wamid, sent_at, identifier, waba_id, phone_number_id, source)
     values ('wamid.past', now(), 'w:${waId}', '200000000000001', '100000000000001', 'api')`,
  );
  await page.goto(on.door.url);
  await page.locator(`a[href="/changes/${contactId}"] .ungated`, { hasText: '1 message went past the gate' }).click();
  await page.locator('p.ungated', { hasText: '1 message past the gate while blocked' }).waitFor();
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
