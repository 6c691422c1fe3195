import { type Facet, type InboundEvent, type MessageReceived, type StatusReported, silenceOf } from '@keyturn/contracts';

/** The person stopped marketing messages, and we heard of it by a failed send
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05). */
const MARKETING_STOPPED = 131050;
/** Not the person's own new message: notices of the platform, and changes to a message that was counted when it came. */
const opensNoWindow: ReadonlySet<string> = new Set(['system', 'edit', 'revoke']);
/** Nor is a reaction, or what always answers a message of ours, a thread that the person began. */
const beginsNoThread: ReadonlySet<string> = new Set([...opensNoWindow, 'reaction', 'button', 'interactive']);

/** What a consumer may find in the event, sorted. One that counts for nothing has none: it lacks a time or a person, or is a claim. */
export function facetsOf(event: InboundEvent): readonly Facet[] {
  if (silenceOf(event) !== null) return [];
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
      return facets({ consent: true, hash: event.identityKeyHash !== undefined, link: namesTwice(event) });
    case 'call.reported': {
      const calls = event.calledBy === 'person' && event.event === 'connect';
      return facets({ consent: calls, hash: event.identityKeyHash !== undefined, link: namesTwice(event), window: calls });
    }
    case 'message.echoed':
      return facets({ hash: event.identityKeyHash !== undefined, link: namesTwice(event) });
    case 'thread.handed_over':
    case 'group.participant_changed':
      return facets({ link: namesTwice(event) });
    // Claims: silent anyway.
    case 'message.imported':
    case 'state.synced':
      return [];
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
