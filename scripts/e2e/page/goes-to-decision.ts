import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

/** The decision is one tap away, by what is in view all the time and gives way to it. */
export async function goesToDecision(page: Page): Promise<void> {
  const way = page.locator('.to-decision');
  await way.waitFor();
  const { y = 0, height = 844 } = (await way.boundingBox()) ?? {};
  expect(y + height).toBeLessThanOrEqual(844 - 56); // above the screens' names
  await way.getByRole('button').tap();
  await way.waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio');
}
