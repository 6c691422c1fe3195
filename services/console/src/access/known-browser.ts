import { isKnownBrowser, knowBrowser, newToken, type Tx } from '@keyturn/store';
import type { Request } from 'express';
import { cookieOf } from './cookies.ts';
import type { AccessSettings } from './settings.ts';

type Kept = { readonly value: string; readonly expiresAt: Date };
const nameOf = (email: string, token: string): string => `known:${email.toLowerCase()} ${token}`;
const TOKEN = /^[\w-]{43}$/;

/** What a browser is known by, by which this account was signed in to before; null: it never was. It opens nothing: its tries are counted apart from a stranger's. */
export async function knownBrowser(tx: Tx, req: Request, { settings, email, now }: Looking): Promise<string | null> {
  const token = cookieOf(req, settings, 'keyturn_browser') ?? '';
  return TOKEN.test(token) && (await isKnownBrowser(tx, nameOf(email, token), now)) ? token : null;
}

/** Has a browser known to an account from now on, and answers the cookie that says so. */
export async function keepKnown(tx: Tx, req: Request, { settings, email, now }: Looking): Promise<Kept> {
  const token = cookieOf(req, settings, 'keyturn_browser') ?? '';
  const value = TOKEN.test(token) ? token : newToken();
  return { value, expiresAt: await knowBrowser(tx, nameOf(email, value), now) };
}
type Looking = { readonly settings: AccessSettings; readonly email: string; readonly now: Date };
