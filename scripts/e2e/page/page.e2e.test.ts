import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type Line, startLine } from '../line.ts';
import { complaintsOf, contextOf, openBrowser, type View } from './browser.ts';
import { looksRight } from './looks-right.ts';

const FIRST_SCREEN_BYTES_MAX = 250_000;
const views: View[] = (['en', 'ar'] as const).flatMap((language) =>
  (['phone', 'desktop'] as const).map((device) => ({ language, device })),
);

let line: Line;
let browser: Browser;
beforeAll(async () => {
  [line, browser] = await Promise.all([startLine(), openBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await line.stop();
}, 60_000);

it('the first screen is no more than 250 kB, compressed', () => {
  const built = path.join(import.meta.dirname, '../../../services/console/dist');
  const files = globSync('{index.html,assets/*}', { cwd: built });
  expect(files.length).toBeGreaterThan(2);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(built, file))).length, 0);
  expect(bytes).toBeLessThanOrEqual(FIRST_SCREEN_BYTES_MAX);
});

describe.each(views)('on a $device in $language', (view) => {
  it('whoever is not signed in sees a screen that is right', async () => {
    const context = await contextOf(browser, view);
    const complaints = await complaintsOf(context);
    const page = await context.newPage();
    await page.goto(line.consoleUrl);
    await page.getByRole('button').first().waitFor();
    await looksRight(page, view.language);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
