import {
  AccountEvent,
  AppError,
  type ContactDirectoryEvent,
  ContactEvent,
  headers,
  InboundEvent,
  type MessageReceived,
  silenceOf,
} from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import { quickReader } from './quick-reader.ts';

/** What a record turns out to be: something to act on, nothing for this consumer, or nothing that can be read. */
export type Read<Event> =
  | {
      readonly kind: 'event';
      readonly record: IncomingRecord;
      readonly event: Event;
      /** It is read only for how far a message of ours got: nothing is decided on it, and nobody looked up. */
      readonly onlyReach?: true;
    }
  | { readonly kind: 'skipped'; readonly record: IncomingRecord; readonly reason: string }
  | { readonly kind: 'undecodable'; readonly record: IncomingRecord; readonly error: AppError };

const inboundEvent = quickReader(InboundEvent);

/** An inbound record, parsed only if it carries a facet that the consumer declared. */
export function readInbound(record: IncomingRecord, facets: ReadonlySet<string>): Read<InboundEvent> {
  const carried = record.headers[headers.facets];
  const sought = carried?.split(',').filter((facet) => facets.has(facet));
  if (sought?.length === 0) return { kind: 'skipped', record, reason: 'no_facet' };
  const read = parsed(record, inboundEvent);
  return read.kind === 'event' && sought?.every((facet) => facet === 'status') ? { ...read, onlyReach: true } : read;
}

const directoryTypes = new Set(['contact.created', 'contact.identified', 'contact.merged', 'contact.number_changed', 'contact.split']);
/** A record of the contact topic, parsed only if the directory told it: what slices say of themselves moves nobody. */
export function readDirectory(record: IncomingRecord): Read<ContactDirectoryEvent> {
  const type = record.headers[headers.eventType];
  if (type !== undefined && !directoryTypes.has(type)) return { kind: 'skipped', record, reason: 'not_directory' };
  return parsed(record, (json) => ContactEvent.safeParse(json)) as Read<ContactDirectoryEvent>;
}

/** A record of the account topic. */
export const readAccount = (record: IncomingRecord): Read<AccountEvent> => parsed(record, (json) => AccountEvent.safeParse(json));

/** A message of an inbound record, parsed only if it is one. Notices of the platform, which carry no hash, are none, nor is what counts for nothing. */
export function readMessage(record: IncomingRecord): Read<MessageReceived> {
  const type = record.headers[headers.eventType];
  if (type !== undefined && type !== 'message.received') return { kind: 'skipped', record, reason: 'no_message' };
  const read = parsed(record, inboundEvent);
  if (read.kind !== 'event') return read;
  const { event } = read;
  const silence = silenceOf(event);
  if (silence !== null) return { kind: 'skipped', record, reason: silence };
  if (event.type === 'message.received' && event.messageType !== 'system') return { kind: 'event', record, event };
  return { kind: 'skipped', record, reason: 'no_message' };
}

type Parse<Event> = (json: unknown) => { success: true; data: Event } | { success: false; error: Error };
function parsed<Event>(record: IncomingRecord, parse: Parse<Event>): Read<Event> {
  try {
    const result = parse(JSON.parse(record.value.toString('utf8')));
    if (result.success) return { kind: 'event', record, event: result.data };
    return {
      kind: 'undecodable',
      record,
      error: new AppError('event.undecodable', 'the record does not match its topic’s schema', { cause: result.error }),
    };
  } catch (cause) {
    return { kind: 'undecodable', record, error: new AppError('event.undecodable', 'the record is no JSON', { cause }) };
  }
}
