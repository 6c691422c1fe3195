import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Role, roleScopes, whoMay } from '@keyturn/contracts';
import type { Page } from 'playwright-core';
import { bodyOf, text } from '../payload.ts';
import { answersLate } from './answers-late.ts';
import { complaintsOf, contextOf, type View } from './browser.ts';
import { goesToDecision } from './goes-to-decision.ts';
import { looksRight } from './looks-right.ts';
import { offersOn, trouble } from './offers.ts';
import { type OnPage, startOnPage } from './on-page.ts';
import { asksByItself, saysWhatIsUnknown, signsOut } from './unanswered.stories.ts';
import { sayings } from './words.ts';

const FIRST_SCREEN_BYTES_MAX = 250_000;
const views: View[] = (['en', 'ar'] as const).flatMap((language) =>
  (['phone', 'desktop'] as const).map((device) => ({ language, device })),
);

let on: OnPage;
beforeAll(async () => {
  on = await startOnPage();
});
afterAll(() => on.stop());

it('the first screen is no more than 250 kB, compressed', () => {
  const built = path.join(import.meta.dirname, '../../../services/console/dist');
  const read = (file: string) => gzipSync(readFileSync(path.join(built, file))).length;
  const document = readFileSync(path.join(built, 'index.html'), 'utf8');
  const named = [...document.matchAll(/"\/(assets\/[^"]+)"/g)].map(([, file]) => file as string);
  expect(named.length).toBeGreaterThan(2);
  expect(named.reduce((sum, file) => sum + read(file), read('index.html'))).toBeLessThanOrEqual(FIRST_SCREEN_BYTES_MAX);
});

describe.each(views)('on a $device in $language', (view) => {
  const w = sayings[view.language];

  it('whoever is not signed in is let in with a password, and no other', async () => {
    const context = await contextOf(on.browser, view);
    const complaints = await complaintsOf(context);
    const page = await context.newPage();
    if (view.device === 'phone') await answersLate(page);
    await page.goto(on.door.url);
    await page.getByLabel(w.password).waitFor();
    await looksRight(page, view.language);
    await page.getByLabel(w.email).fill(on.admin.email);
    await page.getByLabel(w.password).fill('not the password at all');
    await page.getByRole('button', { name: w.signIn }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel(w.password).fill(on.admin.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: w.queue }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('reads a change and decides on it by keyboard alone: released', async () => {
    const { waId, contactId } = await on.blocked();
    const { context, page, complaints } = await on.signedIn(view);
    await page.goto(on.door.url);
    const row = page.locator(`a[href="/changes/${contactId}"]`);
    await row.waitFor();
    await looksRight(page, view.language);
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('radio').first().waitFor();
    await page.locator('.timeline-entry').first().waitFor();
    await looksRight(page, view.language);
    expect(`${page.url()} ${await page.title()}`).not.toMatch(/\d{9,}.*\d{9,}|96650/);
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.decided').waitFor();
    await looksRight(page, view.language);
    const { identity } = await on.contactOf(waId);
    expect(identity.status).toBe('clear');
    const { body } = await on.line.api<{ items: { type: string; actor: string }[] }>('GET', `/v1/contacts/${contactId}/timeline`);
    expect(body.items.find(({ type }) => type === 'identity.acknowledged')?.actor).toBe(on.admin.actor);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('a newer change while somebody decides stops them, shows what is new, and is decided on after they looked', async () => {
    const { waId, contactId } = await on.blocked();
    const { context, page, complaints } = await on.signedIn(view);
    if (view.device === 'phone') await answersLate(page);
    await page.goto(`${on.door.url}/changes/${contactId}`);
    if (view.device === 'phone') await goesToDecision(page);
    await page.getByRole('radio').last().check({ force: true });
    expect(await on.line.post(bodyOf([text({ waId }, 120, 'YS10aGlyZC1rZXk=')]))).toBe(200);
    await page.locator('.newer').waitFor();
    await looksRight(page, view.language);
    const submit = page.locator('form.decide button[type=submit]');
    expect(await submit.isDisabled()).toBe(true);
    await page.locator('.newer button').click();
    await page.getByRole('radio').first().check({ force: true });
    await page.getByRole('combobox').selectOption({ index: 1 });
    await submit.click();
    await page.locator('.decided').waitFor();
    expect((await on.contactOf(waId)).identity).toMatchObject({ status: 'clear', keyHash: 'YS10aGlyZC1rZXk=' });
    expect(await on.line.post(bodyOf([text({ waId }, 180, 'YS1mb3VydGgta2V5')]))).toBe(200);
    await page.locator('.newer').waitFor(); // what comes after a decision is a change of its own
    expect(await page.locator('.decided').count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it('what the console refuses as moved on is shown as what is new, also where no stream said so', async () => {
  const { waId, contactId } = await on.blocked();
  const { context, page } = await on.signedIn({ language: 'en', device: 'desktop' });
  await page.route('**/v1/stream', (route) => route.abort());
  await page.goto(`${on.door.url}/changes/${contactId}`);
  await page.getByRole('radio').first().check({ force: true });
  await page.getByRole('combobox').selectOption({ index: 1 });
  await on.line.post(bodyOf([text({ waId }, 120, 'YS10aGlyZC1rZXk=')]));
  await on.line.settled();
  await page.locator('form.decide button[type=submit]').click();
  await page.locator('.newer').waitFor();
  expect((await on.contactOf(waId)).identity.status).toBe('blocked');
  await context.close();
});

it('what is selected is decided on, and no more: by mouse and keyboard here, by finger there, while others come and go', async () => {
  const blocked = await on.blockedAll(4);
  const desk = await on.signedIn({ language: 'en', device: 'desktop' });
  const phone = await on.signedIn({ language: 'ar', device: 'phone', theme: 'dark' });
  for (const { page } of [desk, phone]) await page.goto(on.door.url);
  await desk.page.locator(`a[href="/changes/${blocked.at(-1)?.contactId}"]`).waitFor();
  const rows = await desk.page
    .locator('.pick-row input')
    .evaluateAll((boxes) => boxes.map(({ dataset }) => (dataset as { contact: string }).contact));
  const people = blocked.toSorted((a, b) => rows.indexOf(a.contactId) - rows.indexOf(b.contactId));
  const box = (page: Page, who: number) => page.locator(`input[data-contact="${people[who]?.contactId}"]`);
  const said = (page: Page, words: string) => page.locator('.at-hand', { hasText: words }).waitFor();
  await box(desk.page, 0).waitFor();
  const place = await box(desk.page, 0).boundingBox();
  await box(desk.page, 0).click();
  await box(desk.page, 2).click({ modifiers: ['Shift'] });
  await said(desk.page, '3 selected.');
  expect(await box(desk.page, 0).boundingBox()).toEqual(place); // the bar lies over the list
  await box(phone.page, 1).tap();
  await box(phone.page, 0).tap();
  await said(phone.page, 'حُدّد تغيّران.');
  const bar = await phone.page.locator('.at-hand').boundingBox();
  expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeLessThan(844 - 56); // in view, above the screens' names
  await looksRight(desk.page, 'en');
  await looksRight(phone.page, 'ar');

  const [, moves] = people;
  expect(await on.line.post(bodyOf([text({ waId: moves?.waId ?? '' }, 120, 'YS10aGlyZC1rZXk=')]))).toBe(200);
  await said(desk.page, '2 selected. 1 dropped out');
  await said(phone.page, 'حُدّد تغيّر واحد. خرج تغيّر واحد من التحديد');
  await box(desk.page, 2).focus();
  await desk.page.keyboard.press('Shift+ArrowDown');
  await said(desk.page, '3 selected.');
  await desk.page.keyboard.press('Space');
  await said(desk.page, '2 selected.');
  await desk.page.keyboard.press('Enter');
  await desk.page.getByText('On 2 selected changes.').waitFor();
  await looksRight(desk.page, 'en');
  await desk.page.goBack();
  await said(desk.page, '2 selected.');
  await desk.page.getByRole('link', { name: 'Decide on these …' }).click();
  await phone.page.getByRole('link', { name: 'قرّر بشأنها …' }).tap();
  await phone.page.getByText('بشأن تغيّر واحد محدّد.').waitFor();
  await looksRight(phone.page, 'ar');

  await desk.page.getByRole('radio').first().check({ force: true });
  await desk.page.getByRole('combobox').selectOption({ index: 1 });
  await desk.page.getByRole('button', { name: 'Try it' }).click();
  await desk.page.locator('.decided', { hasText: 'Same person. Reason:' }).waitFor();
  await looksRight(desk.page, 'en');
  await desk.page.getByRole('button', { name: 'Change the decision' }).click();
  expect(await desk.page.getByRole('radio').first().isChecked()).toBe(true); // nothing that was said is lost
  await desk.page.getByRole('button', { name: 'Try it' }).click();
  await desk.page.getByRole('button', { name: 'Decide on 2 changes' }).click();
  await desk.page.locator('[data-status=done]').waitFor();
  await phone.page.getByText('لم يعد شيء محدّدًا').waitFor(); // the other one decided on it
  const statuses = await Promise.all(people.map(async ({ waId }) => (await on.contactOf(waId)).identity.status));
  expect(statuses).toEqual(['clear', 'blocked', 'clear', 'blocked']);
  expect([...desk.complaints, ...phone.complaints]).toEqual([]);
  await Promise.all([desk.context.close(), phone.context.close()]);
});

describe('whoever is not allowed to', () => {
  let blocked: { waId: string; contactId: string };
  beforeAll(async () => {
    blocked = await on.blocked();
    await trouble(on.line);
  });

  it.each(Role.options)(
    'as %s is offered what the policy lets them do and nothing else, and is refused the rest all the same',
    async (role) => {
      const { context, page } = await on.signedIn(
        { language: 'en', device: 'desktop' },
        role === 'admin' ? on.admin : await on.member(role),
      );
      const refused: string[] = [];
      page.on('response', (answer) => [401, 403].includes(answer.status()) && refused.push(answer.url()));
      const forbidden = new Set<string>();
      let here = '';
      for (const { route, at, whenThere, by } of offersOn(blocked.contactId)) {
        if (at !== here) await page.goto(on.door.url + at);
        here = at;
        await page.locator(whenThere).first().waitFor();
        const who = whoMay(route);
        if (roleScopes[role].some((scope) => scope === who)) await by(page).first().waitFor();
        else {
          expect({ route, at, offered: await by(page).count() }).toEqual({ route, at, offered: 0 });
          forbidden.add(route);
        }
      }
      expect(refused).toEqual([]); // nor does a screen ask for what they may not see
      for (const route of forbidden) {
        const [method = '', path = ''] = route.replace(/\{\w+\}/, blocked.contactId).split(' ');
        const status = await page.evaluate(
          async ([method, path]) =>
            (await fetch(path as string, { method: method as string, headers: { 'x-keyturn-request': 'page' } })).status,
          [method, path],
        );
        expect([route, status]).toEqual([route, 403]);
      }
      expect([role, forbidden.size > 0]).toEqual([role, role !== 'admin']);
      await context.close();
    },
  );

  it('any more, while the screen is open, reads so in their language, and decides nothing', async () => {
    const operator = await on.member('operator', 'leaver');
    const words = { en: 'Your role can look, not decide.', ar: 'دورك يتيح الاطلاع لا اتخاذ القرار.' };
    const open = async (language: 'en' | 'ar') => {
      const { context, page } = await on.signedIn({ language, device: language === 'en' ? 'desktop' : 'phone' }, operator);
      const pages = [page, await context.newPage()];
      for (const [i, one] of pages.entries()) {
        await one.goto(on.door.url + (i === 0 ? `/changes/${blocked.contactId}` : '/bulk?signal=hash'));
        await one.getByRole('radio').first().check({ force: true });
        await one.getByRole('combobox').selectOption({ index: 1 });
      }
      return { language, context, pages };
    };
    const all = await Promise.all([open('en'), open('ar')]);
    const set = (to: object) => on.line.api('PATCH', `/v1/members/${operator.actor.slice('member:'.length)}`, to);
    await set({ role: 'viewer' });
    const submit = all.flatMap(({ pages }) => pages.map((page) => page.locator('form.decide button[type=submit]').click()));
    await Promise.all(submit);
    for (const { language, pages } of all)
      for (const page of pages) {
        await page.getByText(words[language]).waitFor();
        expect(await page.locator('form.decide').count()).toBe(0);
        await looksRight(page, language);
      }
    expect((await on.contactOf(blocked.waId)).identity.status).toBe('blocked');
    await set({ disabled: true });
    const [english, arabic] = all;
    await english.pages[0]?.goto(on.door.url);
    await english.pages[0]?.getByLabel('Password').waitFor();
    await Promise.all([english.context.close(), arabic.context.close()]);
  });
});

it('what no answer came to is not known, and said to be so', () => saysWhatIsUnknown(on));
it('nobody is said to be out whose session goes on', () => signsOut(on));
it('a page that is left open says what it asks for by itself', () => asksByItself(on));

it('says as of when it is while the stream is down, and catches up when it is back, without moving a row', async () => {
  const first = await on.blocked();
  const looking = await Promise.all(
    views.map(async (view) => ({ asOf: view.language === 'en' ? 'As of' : 'حتى', ...(await on.signedIn(view)) })),
  );
  const rowOf = (page: Page, { contactId }: { contactId: string }) => page.locator(`a[href="/changes/${contactId}"]`);
  const places = await Promise.all(
    looking.map(async ({ page }) => {
      await page.goto(on.door.url);
      await page.locator('.live[data-live=true]').waitFor();
      await rowOf(page, first).waitFor();
      return rowOf(page, first).boundingBox();
    }),
  );
  on.door.cut();
  await Promise.all(looking.map(({ page, asOf }) => page.locator('.live[data-live=false]', { hasText: asOf }).waitFor()));
  const second = await on.blocked();
  on.door.mend();
  for (const [i, { context, page }] of looking.entries()) {
    await page.locator('.live[data-live=true]').waitFor();
    await rowOf(page, second).waitFor();
    expect(await rowOf(page, first).boundingBox()).toEqual(places[i]);
    await context.close();
  }
});
