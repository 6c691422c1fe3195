import { expect } from '@jest/globals';
import type { AlertFacts, AlertJson } from '@keyturn/contracts';
import { factsOf } from '@keyturn/domain';
import type { View } from './browser.ts';
import { looksRight } from './looks-right.ts';
import type { OnPage } from './on-page.ts';

const OURS = '100000000000001';
/** One alert of each kind of thing: of what, what is said of it, and where one looks at it. */
const told = (language: View['language']): readonly [facts: AlertFacts, said: RegExp, place: string][] => [
  [factsOf('ungated_sends', { subject: OURS, count: 12 }), /12.*1 202 555 0199/s, `/numbers/${OURS}`],
  [factsOf('number_flagged', { subject: OURS }), /1 202 555 0199/, `/numbers/${OURS}`],
  [factsOf('consumer_late', { subject: 'identity', count: 900 }), { en: /^[^9]*Identity/, ar: /^[^9]*الهوية/ }[language], '/health'],
  [factsOf('dead_letters', { subject: 'consent', count: 1_234 }), { en: /1,234.*Consent/s, ar: /1,234.*الموافقة/s }[language], '/health'],
  [factsOf('no_webhooks', { count: 987 }), /^[^9]*$/, '/health'],
  [factsOf('route_failing', { subject: 'on-call' }), /on-call/, '/settings/routes/on-call'],
];

/** Of an alert the page says which number of ours, consumer or route it is about, how much of it there is, and where to look. */
export async function tellsOfAlerts(on: OnPage, language: View['language']): Promise<void> {
  const { context, page, complaints } = await on.signedIn({ language, device: 'phone' });
  const at = new Date().toISOString();
  const alerts = told(language);
  const items = alerts.map(
    ([facts], i): AlertJson => ({
      ...{
        alertId: `00000000-0000-7000-8000-00000000000${i}`,
        rule: 'r',
        severity: 'error',
        status: 'open',
        facts,
        openedAt: at,
        pagedAt: at,
      },
      ...{ escalations: 0, takenAt: null, takenBy: null, resolvedAt: null, resolution: null },
    }),
  );
  await page.route('**/v1/alerts*', (route) => route.fulfill({ json: { items, nextCursor: null } }));
  await page.goto(`${on.door.url}/alerts`);
  const shown = page.locator('.alerts .member');
  await shown.nth(alerts.length - 1).waitFor();
  for (const [i, [, said, place]] of alerts.entries()) {
    expect(await shown.nth(i).locator('p').first().innerText()).toMatch(said);
    expect(await shown.nth(i).getByRole('link').getAttribute('href')).toBe(place);
  }
  await looksRight(page, language);
  expect(complaints).toEqual([]);
  await context.close();
}
