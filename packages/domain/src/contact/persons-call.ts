import type { CallReported } from '@keyturn/contracts';

/** Whether the person is calling us: that opens the service window and begins a thread, taken or not. Its end does neither again, and a call of ours
 *  never does (https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing, read 2026). */
export const isPersonsCall = ({ calledBy, event }: CallReported): boolean => calledBy === 'person' && event === 'connect';
