import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const KEY_BYTES = 32;
const derive = (master: string, use: string): Buffer => Buffer.from(hkdfSync('sha256', master, '', use, KEY_BYTES));

/** A secret as Standard Webhooks writes it (https://www.standardwebhooks.com, read 2026-11): made from the master key, so that it is kept nowhere. */
export const webhookSecret = (master: string, endpoint: string, version: number): string =>
  `whsec_${derive(master, `webhook ${endpoint} ${version}`).toString('base64')}`;

/** The headers that sign one attempt: `webhook-id`, `webhook-timestamp` (seconds) and one signature for each secret. */
export function signedHeaders(
  secrets: readonly string[],
  message: { readonly id: string; readonly at: Date; readonly body: string },
): Record<string, string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const sign = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${message.id}.${timestamp}.${message.body}`)
      .digest('base64');
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret)}`).join(' '),
  };
}

const TOKEN = /^kv_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;
const macOf = (master: string, id: string): Buffer => createHmac('sha256', derive(master, 'callback')).update(id).digest();

/** What whoever answers a request presents: 256 bits that nobody guesses, made from the master key and the request's id (a UUID). It is kept nowhere, so no copy of the database has
 *  it. */
export const callbackToken = (master: string, id: string): string =>
  `kv_${id.replaceAll('-', '')}_${macOf(master, id).toString('base64url')}`;

/** The id of the request that a token answers, by whichever of the master keys it was made; null: it was made by none. Takes as long however much of it
 *  is right, and asks nobody: guessing costs no look at the database. */
export function idOfCallback(masters: readonly string[], token: string): string | null {
  const [, hex = '', mac = ''] = TOKEN.exec(token) ?? [];
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const presented = Buffer.from(mac, 'base64url');
  const fits = masters.map((master) => presented.length === KEY_BYTES && timingSafeEqual(presented, macOf(master, id)));
  return fits.includes(true) ? id : null;
}
