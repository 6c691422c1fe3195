import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Whether the header has the one form that the platform sends: `sha256=` and 64 lower-case hex digits
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint, read 2026-05). */
export const isSignature = (header: string | undefined): header is string => header !== undefined && SIGNATURE.test(header);

/** Whether one of our secrets signed exactly these bytes. Takes the same time whichever did, and whether any did; less where they come as keys. */
export function verify(appSecrets: readonly (KeyObject | string)[], body: Buffer, header: string | undefined): boolean {
  const digits = SIGNATURE.exec(header ?? '')?.[1];
  if (digits === undefined) return false;
  const said = Buffer.from(digits, 'hex');
  const matches = appSecrets.map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), said));
  return matches.includes(true);
}
