import type { ContactJson, MemberCreatedJson, Role } from '@keyturn/contracts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Line, startLine } from '../line.ts';
import { bodyOf, text } from '../payload.ts';
import { complaintsOf, contextOf, openBrowser, type View } from './browser.ts';
import { keepPassing, type Passage } from './lossy-door.ts';
import { acceptInvitation, firstAdmin, type Signed } from './sign-in.ts';

/** The line, a browser, and people in front of it. */
export type OnPage = {
  readonly line: Line;
  readonly browser: Browser;
  /** Where the browser goes: a way to the console that can be cut. */
  readonly door: Passage;
  readonly admin: Signed;
  contactOf(waId: string): Promise<ContactJson>;
  /** Somebody whose key changed: blocked once this resolves. */
  blocked(name?: string): Promise<{ waId: string; contactId: string }>;
  /** So many of them at once. */
  blockedAll(count: number): Promise<{ waId: string; contactId: string }[]>;
  /** A browser in which somebody is signed in, and what its pages complained about. */
  signedIn(view: View, who?: Signed): Promise<{ context: BrowserContext; page: Page; complaints: string[] }>;
  /** A member with a role. */
  member(role: Role, name?: string): Promise<Signed>;
  stop(): Promise<void>;
};

/** Starts it all with these variables, with the first admin made. */
export async function startOnPage(env: NodeJS.ProcessEnv = {}): Promise<OnPage> {
  const [line, browser] = await Promise.all([startLine(env), openBrowser()]);
  const door = await keepPassing(line.consoleUrl);
  const admin = await firstAdmin(line);
  const contactOf: OnPage['contactOf'] = async (waId) =>
    (await line.api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { waId })).body.items[0] as ContactJson;
  let people = 0;
  return {
    ...{ line, browser, door, admin, contactOf },
    async blocked(name) {
      const waId = `96650${String(1_000_000 + people++)}`;
      const items = [text({ waId }, 0, 'a2V5LW9mLWFkYQ=='), text({ waId }, 60, 'YW5vdGhlci1rZXk=')];
      if (name !== undefined) for (const { contact } of items) Object.assign(contact?.profile as object, { name });
      if ((await line.post(bodyOf(items))) !== 200) throw new Error('the ingress did not take it');
      await line.settled();
      return { waId, contactId: (await contactOf(waId)).contactId };
    },
    async blockedAll(count) {
      const waIds = Array.from({ length: count }, () => `96650${String(1_000_000 + people++)}`);
      const items = waIds.flatMap((waId) => [text({ waId }, 0, 'a2V5LW9mLWFkYQ=='), text({ waId }, 60, 'YW5vdGhlci1rZXk=')]);
      if ((await line.post(bodyOf(items))) !== 200) throw new Error('the ingress did not take it');
      await line.settled();
      return Promise.all(waIds.map(async (waId) => ({ waId, contactId: (await contactOf(waId)).contactId })));
    },
    async signedIn(view, who = admin) {
      const context = await contextOf(browser, view);
      await context.addCookies([{ ...who.cookie, url: door.url }]);
      const complaints = await complaintsOf(context);
      return { context, page: await context.newPage(), complaints };
    },
    async member(role, name = role) {
      const email = `${name}@example.com`;
      const made = await line.api<MemberCreatedJson>('POST', '/v1/members', { name: `A ${role}`, email, role });
      return acceptInvitation(line, made.body.invitation?.url ?? '', email);
    },
    async stop() {
      await browser.close();
      await door.close();
      await line.stop();
    },
  };
}
