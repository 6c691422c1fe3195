import type { PhoneNumberJson } from '@keyturn/contracts';
import { countryCodeOf } from './country-code.ts';
import type { OwnNumber } from './gate-state.ts';

/** What the gate asks of a number of ours. Of an account's ban the platform first gives notice, and may take it back
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update, read 2026). */
export function ownNumber({ displayNumber, connection, quality, identityCheck, account }: PhoneNumberJson): OwnNumber {
  return {
    countryCode: displayNumber === null ? null : countryCodeOf(displayNumber),
    disconnected: [connection, account?.connection].some((one) => one?.status === 'disconnected'),
    restricted: account?.ban?.state === 'DISABLE' || (account?.restrictions.length ?? 0) > 0,
    flagged: quality?.status === 'flagged',
    identityCheck: identityCheck.status,
  };
}
