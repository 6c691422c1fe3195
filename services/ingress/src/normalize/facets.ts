import { type Facet, type InboundEvent, isVoid, type MessageReceived, type StatusReported } from '@keyturn/contracts';

/** The person stopped marketing messages, and we heard of it by a failed send
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05). */
const MARKETING_STOPPED = 131050;
/** Not the person's own new message: notices of the platform, and changes to a message that was counted when it came. */
const opensNoWindow: ReadonlySet<string> = new Set(['system', 'edit', 'revoke']);
/** Nor is a reaction, or what always answers a message of ours, a thread that the person began. */
const beginsNoThread: ReadonlySet<string> = new Set([...opensNoWindow, 'reaction', 'button', 'interactive']);

/** What a consumer may find in the event, sorted. One without a time or a person has none: it decides nothing. */
export function facetsOf(event: InboundEvent): readonly Facet[] {
  if (isVoid(event)) return [];
  switch (event.type) {
    case 'message.received':
      return facets({
        consent: event.optOut !== undefined || mayBeThread(event),
        hash: event.identityKeyHash !== undefined || event.legacyIdentity !== undefined,
        link: namesTwice(event),
        window: event.groupId === undefined && !opensNoWindow.has(event.messageType),
      });
    case 'status.reported':
      return event.subject === 'payment' ? [] : facets(statusFacets(event));
    // Its identifiers are those of before, and the report itself ties them.
    case 'number.changed':
      return ['number'];
    case 'identity.changed':
      return facets({ hash: true, link: namesTwice(event) });
    case 'preference.changed':
      return facets({ consent: true, link: namesTwice(event) });
  }
}

/** What is said in a group, or in reply to us, is no thread that the person began. In doubt it may be one: the consent slice decides. */
const mayBeThread = (message: MessageReceived): boolean =>
  message.groupId === undefined && !beginsNoThread.has(message.messageType) && message.replyTo?.author !== 'business';

const statusFacets = (status: StatusReported): Partial<Record<Facet, boolean>> => ({
  consent: status.errorCodes?.includes(MARKETING_STOPPED) ?? false,
  error: status.errorCodes !== undefined && status.errorCodes.length > 0,
  hash: status.identityKeyHash !== undefined,
  link: namesTwice(status),
  status: true,
});

const namesTwice = ({ waId, bsuid, parentBsuid }: InboundEvent): boolean =>
  [waId, bsuid, parentBsuid].filter((identifier) => identifier !== undefined).length > 1;

const facets = (carried: Partial<Record<Facet, boolean>>): Facet[] =>
  (Object.keys(carried) as Facet[]).filter((facet) => carried[facet]).sort();
