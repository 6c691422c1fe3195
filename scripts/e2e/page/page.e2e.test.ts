import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bodyOf, text } from '../payload.ts';
import { complaintsOf, contextOf, type View } from './browser.ts';
import { looksRight } from './looks-right.ts';
import { type OnPage, startOnPage } from './on-page.ts';
import { sayings } from './words.ts';

const FIRST_SCREEN_BYTES_MAX = 250_000;
const views: View[] = (['en', 'ar'] as const).flatMap((language) =>
  (['phone', 'desktop'] as const).map((device) => ({ language, device })),
);

let on: OnPage;
beforeAll(async () => {
  on = await startOnPage();
}, 60_000);
afterAll(() => on.stop(), 60_000);

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
    await page.goto(`${on.door.url}/changes/${contactId}`);
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

it('says as of when it is while the stream is down, and catches up when it is back, without moving a row', async () => {
  const first = await on.blocked();
  const { context, page } = await on.signedIn({ language: 'en', device: 'phone' });
  await page.goto(on.door.url);
  const row = page.locator(`a[href="/changes/${first.contactId}"]`);
  await row.waitFor();
  await page.locator('.live[data-live=true]').waitFor();
  const place = await row.boundingBox();
  on.door.cut();
  await page.locator('.live[data-live=false]', { hasText: 'As of' }).waitFor({ timeout: 30_000 });
  const second = await on.blocked();
  on.door.mend();
  await page.locator('.live[data-live=true]').waitFor({ timeout: 30_000 });
  await page.locator(`a[href="/changes/${second.contactId}"]`).waitFor();
  expect(await row.boundingBox()).toEqual(place);
  await context.close();
}, 90_000);
