import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { IdentityChangeCountsJson, TimelineEntryJson } from '@keyturn/contracts';
import { bodyOf, text } from '../payload.ts';
import { until } from '../until.ts';
import { looksRight } from './looks-right.ts';
import { type OnPage, startOnPage } from './on-page.ts';

const CHANGES = 5_000;
const A_POST = 250;
const people = Array.from({ length: CHANGES }, (_, i) => `96655${String(1_000_000 + i)}`);

let on: OnPage;
beforeAll(async () => {
  on = await startOnPage();
});
afterAll(() => on.stop());

async function everybodyWrites(seconds: number, hash: string, who = people): Promise<void> {
  for (let i = 0; i < who.length; i += A_POST) {
    const items = who.slice(i, i + A_POST).map((waId) => text({ waId }, seconds, hash));
    expect(await on.line.post(bodyOf(items))).toBe(200);
  }
}
const open = async () => (await on.line.api<IdentityChangeCountsJson>('GET', '/v1/identity-changes/counts')).body.open;

it(`works off ${CHANGES} changes at once: tried, run, and each decided as it was seen`, async () => {
  await everybodyWrites(0, 'a2V5LW9uZQ==');
  await everybodyWrites(60, 'a2V5LXR3bw==');
  await on.line.settled();
  await until('all are open', async () => (await open()) === CHANGES);
  const { context, page, complaints } = await on.signedIn({ language: 'en', device: 'desktop' });
  await page.goto(`${on.door.url}/?signal=hash`);
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByText('50 selected.').waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.locator('.pick-row').nth(99).waitFor();
  await page.getByText('50 selected.').waitFor(); // what was loaded later is not
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).click();
  await page.getByText('100 selected.').waitFor();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await page.getByRole('link', { name: 'Decide on all of these' }).click();
  await page.getByText('On all open changes · What happened: Key changed').waitFor();
  await page.getByRole('radio').first().check({ force: true });
  await page.getByRole('combobox').selectOption({ index: 1 });
  await looksRight(page, 'en');
  await page.getByRole('button', { name: 'Try it' }).click();
  const run = page.getByRole('button', { name: 'Decide on 5,000 changes' });
  await run.waitFor();
  expect(await open()).toBe(CHANGES);
  const [late = ''] = people;
  const { identity } = await on.contactOf(late);
  await everybodyWrites(120, 'a2V5LXRocmVl', [late]);
  await until('something newer came in', async () => (await on.contactOf(late)).identity.version > identity.version);
  await run.click();
  await page.waitForURL(/bulk\/[-0-9a-f]{36}$/);
  await page.locator('[data-status=done]').waitFor();
  const phone = await on.signedIn({ language: 'ar', device: 'phone', theme: 'dark' });
  await phone.page.goto(page.url()); // whoever looks, wherever they are
  await phone.page.getByText('اتُّخذ القرار بشأن 4,999 من 5,000').waitFor();
  await phone.page.getByText('ورد ما هو أحدث: 1').waitFor();
  await looksRight(phone.page, 'ar');
  await page.getByText('4,999 of 5,000 decided').waitFor();
  await page.getByText('Something newer came in: 1').waitFor();
  await looksRight(page, 'en');
  await until('one is left', async () => (await open()) === 1);
  expect((await on.contactOf(late)).identity.status).toBe('blocked');
  const other = await on.contactOf(people.at(-1) ?? '');
  expect(other.identity.status).toBe('clear');
  const { body } = await on.line.api<{ items: TimelineEntryJson[] }>('GET', `/v1/contacts/${other.contactId}/timeline`);
  expect(body.items.find(({ type }) => type === 'identity.acknowledged')?.actor).toBe(on.admin.actor);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'What became of each' }).click();
  const report = await (await download).createReadStream();
  let lines = 0;
  for await (const chunk of report) lines += String(chunk).split('\n').length - 1;
  expect(lines).toBeGreaterThanOrEqual(CHANGES);
  const { contactId, identity: last } = await on.contactOf(late);
  const decision = { keyHash: last.keyHash, version: last.version, verdict: 'same_person', reason: 'called back' };
  expect((await on.line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, decision)).status).toBe(201);
  for (const [shown, language, said] of [[page, 'en', 'Last decision: '] as const, [phone.page, 'ar', 'آخر قرار: '] as const]) {
    await shown.goto(on.door.url); // nobody is left, and that is seen not to be for want of looking
    await shown.getByText(said).waitFor();
    await looksRight(shown, language);
  }
  expect([...complaints, ...phone.complaints]).toEqual([]);
  await Promise.all([context.close(), phone.context.close()]);
});
