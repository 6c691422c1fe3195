// usage: npm run screenshots [-- <screen>…]   Takes pictures of every screen of the page, or of those named, on a line of its own with people that are made up, into docs/console/.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ContactJson } from '@keyturn/contracts';
import { slackServer } from '@keyturn/testkit/alerts';
import type { BrowserContext, Page } from 'playwright-core';
import { allInOne } from '../all-in-one.ts';
import { until } from '../until.ts';
import { contextOf, openBrowser, type View } from './browser.ts';
import { type Demo, demo } from './demo.ts';
import { demoHistory } from './demo-history.ts';

const only = process.argv.slice(2);
const to = path.join(import.meta.dirname, '../../../docs/console');
const views: readonly (View & { readonly name: string })[] = [
  { name: 'desktop-en', language: 'en', device: 'desktop' },
  { name: 'desktop-en-dark', language: 'en', device: 'desktop', theme: 'dark' },
  { name: 'phone-en', language: 'en', device: 'phone' },
  { name: 'phone-ar', language: 'ar', device: 'phone' },
  { name: 'desktop-ar', language: 'ar', device: 'desktop' },
];

/** Every screen, by the name of its picture. */
const screensOf = ({ changed, newer }: Demo): readonly [name: string, path: string, whenThere: string][] => [
  ['queue', '/', '.changes .row'],
  ['selected', '/', '.changes .row'],
  ['change', `/changes/${changed}`, '.timeline-entry'],
  ['newer', `/changes/${newer}`, '.timeline-entry'],
  ['search', '/contacts', 'form'],
  ['contact', `/contacts/${changed}`, '.timeline-entry'],
  ['bulk', '/bulk?signal=hash', '.verdict'],
  ['numbers', '/numbers', '.card'],
  ['number', '/numbers/100000000000001', '.chart'],
  ['health', '/health', '.rate .column'],
  ['alerts', '/alerts', '.alerts .member'],
  ['settings', '/settings', '.member'],
  ['alerting', '/settings/alerts', '.member'],
  ['rule', '/settings/rules/strangers', 'form'],
  ['route', '/settings/routes/on-call', 'form'],
  ['retention', '/settings/retention', '.member'],
  ['audit', '/audit', '.timeline-entry'],
];

async function selectSome(page: Page): Promise<void> {
  await page.locator('.pick-row input').nth(0).click();
  await page
    .locator('.pick-row input')
    .nth(2)
    .click({ modifiers: ['Shift'] });
  await page.locator('.at-hand .primary').waitFor();
}

async function picture(
  context: BrowserContext,
  url: string,
  file: string,
  whenThere: string,
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(whenThere).first().waitFor();
  await page.locator('.live[data-live=true]').waitFor();
  await act(page);
  await page.waitForLoadState('networkidle').catch(() => {}); // the stream never rests
  await page.screenshot({ path: `${path.join(to, file)}.jpg`, type: 'jpeg', quality: 80, fullPage: !/phone|newer|selected/.test(file) }); // what stands at the lower edge stands there
  await page.close();
}

const keyturn = await allInOne();
const slack = await slackServer();
keyturn.env.ALERT_PRIVATE_ORIGINS = slack.origin;
const browser = await openBrowser();
try {
  await keyturn.start();
  const told = await demo(keyturn, slack.url);
  await demoHistory(keyturn.run().databaseUrl, '100000000000001');
  mkdirSync(to, { recursive: true });
  for (const { name, ...view } of views) {
    const context = await contextOf(browser, view);
    await context.addCookies([{ ...told.cookie, url: keyturn.run().consoleUrl }]);
    const wanted = screensOf(told).filter(([screen]) => only.length === 0 || only.includes(screen));
    for (const [screen, at, whenThere] of wanted) {
      const more = async (page: Page) => {
        if (screen === 'selected') await selectSome(page);
        if (screen !== 'newer') return;
        const before = (await told.api<ContactJson>('GET', `/v1/contacts/${told.newer}`)).identity.version;
        await told.further();
        await until(
          'more came in',
          async () => (await told.api<ContactJson>('GET', `/v1/contacts/${told.newer}`)).identity.version > before,
        );
        await page.locator('.newer').waitFor();
      };
      await picture(context, keyturn.run().consoleUrl + at, `${screen}-${name}`, whenThere, more);
    }
    await context.close();
    console.log(`${name}: ${wanted.length} pictures`);
  }
} finally {
  await browser.close();
  await keyturn.interrupt();
  keyturn.remove();
}
process.exit();
