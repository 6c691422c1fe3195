import { type Facet, type InboundEvent, type MessageReceived, silenceOf } from '@keyturn/contracts';
import { isPersonsCall, MARKETING_STOPPED } from '@keyturn/domain';

/** Not the person's own new message: notices of the platform, and changes to a message that was counted when it came. */
const opensNoWindow: ReadonlySet<string> = new Set(['system', 'edit', 'revoke']);
/** Nor is a reaction, or what always answers a message of ours, a thread that the person began. */
const beginsNoThread: ReadonlySet<string> = new Set([...opensNoWindow, 'reaction', 'button', 'interactive']);

/** What a consumer may find in the event, sorted. One that counts for nothing has none: it lacks a time or a person, or is a claim. */
export function facetsOf(event: InboundEvent): readonly Facet[] {
  if (silenceOf(event) !== null) return none;
  // A report ties the identifiers of before and after itself.
  if (event.type === 'number.changed') return ['number'];
  if (event.type === 'status.reported' && event.subject === 'payment') return none;
  const facets: Facet[] = [];
  if (saysConsent(event)) facets.push('consent');
  if (event.type === 'status.reported' && event.errorCodes !== undefined) facets.push('error');
  if (saysHash(event)) facets.push('hash');
  if (namesTwice(event)) facets.push('link');
  if (event.type === 'status.reported' || event.type === 'message.echoed') facets.push('status');
  if (opensWindow(event)) facets.push('window');
  return facets;
}
const none: readonly Facet[] = [];

function saysConsent(event: InboundEvent): boolean {
  switch (event.type) {
    case 'message.received':
      return event.optOut !== undefined || mayBeThread(event);
    case 'status.reported':
      return event.errorCodes?.includes(MARKETING_STOPPED) ?? false;
    case 'call.reported':
      return isPersonsCall(event);
    default:
      return event.type === 'preference.changed';
  }
}

/** What is said in a group, or in reply to us, is no thread that the person began. In doubt it may be one: the consent slice decides. */
const mayBeThread = (message: MessageReceived): boolean =>
  message.groupId === undefined && !beginsNoThread.has(message.messageType) && message.replyTo?.author !== 'business';

function saysHash(event: InboundEvent): boolean {
  if (event.type === 'identity.changed') return true;
  if ('identityKeyHash' in event && event.identityKeyHash !== undefined) return true;
  return event.type === 'message.received' && event.legacyIdentity !== undefined;
}

function opensWindow(event: InboundEvent): boolean {
  if (event.type === 'call.reported') return isPersonsCall(event);
  return event.type === 'message.received' && event.groupId === undefined && !opensNoWindow.has(event.messageType);
}

const namesTwice = ({ waId, bsuid, parentBsuid }: InboundEvent): boolean =>
  Number(waId !== undefined) + Number(bsuid !== undefined) + Number(parentBsuid !== undefined) > 1;
