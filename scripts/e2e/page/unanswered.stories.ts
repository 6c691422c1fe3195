import { expect } from '@jest/globals';
import { looksRight } from './looks-right.ts';
import type { OnPage } from './on-page.ts';

/** A decision to which no answer came is not said to be sent again by itself, and is made once it is pressed again. */
export async function saysWhatIsUnknown(on: OnPage): Promise<void> {
  const { waId, contactId } = await on.blocked();
  const { context, page } = await on.signedIn({ language: 'en', device: 'desktop' });
  await page.goto(`${on.door.url}/changes/${contactId}`);
  await page.getByRole('radio').first().check({ force: true });
  await page.getByRole('combobox').selectOption({ index: 1 });
  await page.route('**/acknowledgements', (route) => route.abort());
  const submit = page.locator('form.decide button[type=submit]');
  await submit.click();
  await page.getByText('No answer came from keyturn, so nobody knows whether it was done.').waitFor();
  await looksRight(page, 'en');
  expect((await on.contactOf(waId)).identity.status).toBe('blocked');
  await page.unroute('**/acknowledgements');
  await submit.click();
  await page.locator('.decided').waitFor();
  expect((await on.contactOf(waId)).identity.status).toBe('clear');
  await context.close();
}

/** Whoever signs out is told that they are still in where that is not known to be over, and out once it is. */
export async function signsOut(on: OnPage): Promise<void> {
  const leaver = await on.member('viewer', 'goes-home');
  const { context, page } = await on.signedIn({ language: 'ar', device: 'phone' }, leaver);
  const me = () => page.evaluate(async () => (await fetch('/v1/me')).status);
  await page.goto(on.door.url);
  await page.route('**/auth/logout', (route) => route.abort());
  await page.locator('.me').tap();
  await page.getByRole('menuitem', { name: 'تسجيل الخروج' }).tap();
  const asked = page.getByRole('dialog', { name: 'ما زلت مسجّل الدخول' });
  await asked.waitFor();
  await looksRight(page, 'ar');
  expect(await me()).toBe(200);
  await page.unroute('**/auth/logout');
  await asked.getByRole('button', { name: 'تسجيل الخروج' }).tap();
  await page.getByLabel('كلمة المرور').waitFor();
  expect(await me()).toBe(401);
  await page.goto(`${on.door.url}/login?problem=no_role`); // as the organisation's own login leaves whom no group lets in
  await page.getByText('ليس لأي من مجموعاتك دور هنا.').waitFor();
  await looksRight(page, 'ar');
  await context.close();
}

/** What an open page reads anew while nobody touches it says so, and keeps nobody signed in. */
export async function asksByItself(on: OnPage): Promise<void> {
  const { context, page } = await on.signedIn({ language: 'en', device: 'desktop' });
  await page.clock.install();
  const asked = (isByItself: boolean) =>
    page.waitForRequest((request) => request.url().includes('/v1/alerts?') && 'x-keyturn-by-itself' in request.headers() === isByItself);
  const [atOnce] = await Promise.all([asked(false), page.goto(`${on.door.url}/alerts`)]);
  expect(atOnce.method()).toBe('GET');
  await page.locator('.alerts h1').waitFor();
  await Promise.all([asked(true), page.clock.fastForward('05:00')]);
  await page.keyboard.press('Shift');
  await Promise.all([asked(false), page.clock.fastForward('00:15')]);
  await context.close();
}
