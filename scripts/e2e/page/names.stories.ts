import { expect } from '@jest/globals';
import type { ApiKeyCreatedJson } from '@keyturn/contracts';
import { looksRight } from './looks-right.ts';
import type { OnPage } from './on-page.ts';

const LONG = 'W'.repeat(100);

/** Names as long as they may be, in one piece, break no screen: of a person, of a member, of a key and of what it decided. */
export async function holdsLongNames(on: OnPage): Promise<void> {
  const { contactId } = await on.blocked(LONG);
  const { api } = on.line;
  expect((await api('POST', '/v1/members', { name: LONG, email: 'long@example.com', role: 'viewer' })).status).toBe(201);
  const { body: made } = await api<ApiKeyCreatedJson>('POST', '/v1/keys', { name: LONG, scopes: ['read', 'identity:decide'] });
  const { context, page, complaints } = await on.signedIn({ language: 'en', device: 'phone' });
  const looks = async (path: string, whenThere: string) => {
    await page.goto(on.door.url + path);
    await page.locator(whenThere, { hasText: LONG }).first().waitFor();
    await looksRight(page, 'en');
  };
  await looks('/', '.row');
  await looks(`/changes/${contactId}`, '.name');
  await on.line.settled();
  const { identity } = (await api<{ identity: { keyHash: string; version: number } }>('GET', `/v1/contacts/${contactId}`)).body;
  const { keyHash, version } = identity;
  const decided = await fetch(`${on.line.consoleUrl}/v1/contacts/${contactId}/identity/acknowledgements`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      keyHash,
      version,
      verdict: 'same_person',
      reason: LONG,
      note: LONG,
      evidenceUrl: `https://example.com/${LONG}`,
    }),
  });
  expect(decided.status).toBe(201);
  await looks(`/contacts/${contactId}`, '.grounds a');
  await looks('/settings', '.member');
  await looks('/audit', '.timeline-entry');
  expect(complaints).toEqual([]);
  await context.close();
}
