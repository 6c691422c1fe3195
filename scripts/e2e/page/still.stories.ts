import { expect } from '@jest/globals';
import type { AlertJson } from '@keyturn/contracts';
import type { Locator, Page } from 'playwright-core';
import { until } from '../until.ts';
import { answersLate } from './answers-late.ts';
import { trouble } from './offers.ts';
import type { OnPage } from './on-page.ts';

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');
const press = async (within: Locator, name: string) => within.getByRole('button', { name, exact: true }).tap();

/** However late what somebody does is answered, nothing moves for it, and whoever uses no mouse is where it is said. */
export async function holdsStill(on: OnPage): Promise<void> {
  const { contactId } = await on.blocked();
  await pages(on);
  await on.member('viewer', 'somebody-else');
  const { context, page, complaints } = await on.signedIn({ language: 'ar', device: 'phone' });
  await answersLate(page);

  await page.goto(`${on.door.url}/alerts`);
  await press(page.locator('main'), 'أتولّاه');
  await page.locator('.instead', { hasText: 'تولّاه أحد' }).waitFor();

  await page.goto(`${on.door.url}/contacts/${contactId}`);
  await page.locator('.timeline-entry').first().waitFor();
  await press(page.locator('main'), 'احظر هذا الشخص');
  await page.getByLabel('السبب').fill('طلب ذلك');
  await press(page.locator('form'), 'احظر هذا الشخص');
  await page.getByRole('button', { name: 'ارفع الحظر' }).waitFor();
  expect(await focused(page)).toBe('ارفع الحظر');
  await page.locator('.still-heading button').first().tap(); // what is new in the history was waiting
  await page.locator('.timeline-entry[data-type="contact.business_blocked"]').waitFor();

  await givesLinks(page, on);
  await page.getByRole('button', { name: 'أنهِ جلسة A viewer' }).first().tap();
  await page.locator('.instead', { hasText: 'انتهت' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
}

/** An alert that stays open: on a record that nobody decides on. */
async function pages(on: OnPage): Promise<void> {
  await trouble(on.line);
  await on.line.query(`delete from alert where rule = 'nobody-looks'`);
  const rule = { kind: 'dead_letters', name: 'k-9', routes: ['r-1'], when: { atLeast: 1 }, waitSeconds: 0 };
  expect((await on.line.api('POST', '/v1/alert-rules', rule)).status).toBe(201);
  await until('somebody is paged', async () =>
    (await on.line.api<{ items: AlertJson[] }>('GET', '/v1/alerts')).body.items.some(
      ({ rule, status }) => rule === 'k-9' && status === 'open',
    ),
  );
}

/** What is shown this once has the focus, and whoever it is for comes into the list when it was given. */
async function givesLinks(page: Page, on: OnPage): Promise<void> {
  await page.goto(`${on.door.url}/settings`);
  await press(page.locator('main'), 'ادعُ شخصًا');
  await page.getByLabel('الاسم').fill('Grace');
  await page.getByLabel('البريد الإلكتروني').fill('grace@example.com');
  await press(page.locator('form'), 'أنشئ الدعوة');
  await page.locator('.secret').waitFor();
  expect(await focused(page)).toContain('/invitation#');
  await press(page.locator('main'), 'تم');
  const grace = page.locator('.member', { hasText: 'grace@example.com' });
  await press(grace, 'رابط جديد');
  await grace.locator('bdi.secret').waitFor();
  expect(await focused(page)).toContain('/invitation#');
  await press(page.locator('main'), 'أنشئ مفتاحًا');
  await page.locator('form.card').getByLabel('الاسم').fill('reader');
  await page.getByLabel('القراءة').check();
  await press(page.locator('form.card'), 'أنشئ مفتاحًا');
  await page.locator('.card .secret').waitFor();
  expect(await focused(page)).toContain('هذا هو المفتاح');
  await press(page.locator('main'), 'تم');
  await page.getByRole('button', { name: 'ألغِ reader' }).tap();
  await press(page.getByRole('dialog'), 'ألغِه'); // what can't be undone is asked for
  await page.locator('.instead', { hasText: 'مُلغى' }).waitFor();
}
