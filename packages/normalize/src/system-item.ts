import type { InboundEvent, PersonIds } from '@keyturn/contracts';
import { envelope, type OwnedChange } from './envelope.ts';
import { canonicalJson, eventId } from './event-id.ts';
import { LIVE, messageReceived, senderOf } from './message-received.ts';
import type { Normalized } from './normalized.ts';
import type { ContactEntry } from './payload/contacts.ts';
import { type Flags, readWamid } from './payload/ids.ts';
import { type Json, present } from './payload/json.ts';
import { unrecognized } from './unrecognized.ts';

/** A system message while it is read. */
export type SystemItem = {
  readonly change: OwnedChange;
  readonly message: Json;
  readonly system: Json;
  readonly variant: string;
  readonly path: string;
  readonly flags: Flags;
};

/** What every event of a system message says. Comes last in building one, since it carries what all other readers flagged. Its id needs no
 *  wamid: where there is none, the content makes it. */
export function systemEnvelope<Type extends InboundEvent['type']>(item: SystemItem, type: Type, person: PersonIds) {
  const { change, message, path, flags } = item;
  const wamid = readWamid(message.id, flags);
  const content = wamid?.raw ?? canonicalJson(message) ?? `${change.webhook.webhookId} ${path}`;
  const id = eventId(LIVE, type, change.phoneNumberId, content);
  return {
    ...envelope(change, { id, path, timestamp: message.timestamp, person, flags }),
    type,
    ...present({ wamid: wamid?.shown }),
  };
}

/** Whom a notice is about: its sender, who is in `customer` in legacy ones. */
export const subjectOf = (item: SystemItem): { person: PersonIds; entry: ContactEntry | undefined } =>
  senderOf(item.change, fromSubject(item), item.flags);

const fromSubject = ({ message, system }: SystemItem): Json => ({ ...message, from: message.from ?? system.customer });

/** A key hash that came beside a notice which has no place for it: the message as such carries it. */
export const hashBeside = (item: SystemItem): Normalized =>
  messageReceived(item.change, fromSubject(item), item.path) ?? unrecognized(item.change, 'wamid_missing', item.path, item.message);
