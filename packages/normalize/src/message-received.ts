import type { MessageReceived, PersonIds } from '@keyturn/contracts';
import { envelope, type OwnedChange } from './envelope.ts';
import { errorCodesOf } from './errors.ts';
import { eventId } from './event-id.ts';
import { readLegacyIdentity } from './legacy-identity.ts';
import { readReferral, readReplyTo } from './message-parts.ts';
import { aboutPerson, type Change, type Normalized } from './normalized.ts';
import { readOptOut } from './opt-out.ts';
import { type ContactEntry, lend } from './payload/contacts.ts';
import { type Flags, readHash, readWaId, readWamid } from './payload/ids.ts';
import { type Json, listOf, objectOf, present, textOf, wordOf } from './payload/json.ts';
import { readPerson, senderKeys } from './payload/person.ts';

/** Part of a live message's id, under whichever field it came: the same one may come as standby too. */
export const LIVE = 'messages';

/** The message as such, whatever its type: who wrote, to which number of ours, under which hash. Undefined where it has no id. */
export function messageReceived(change: OwnedChange, message: Json, path: string): Normalized | undefined {
  const flags: Flags = new Set();
  const wamid = readWamid(message.id, flags);
  if (!wamid) return undefined;
  const type = 'message.received';
  const { person, entry } = senderOf(change, message, flags);
  const parts = partsOf(change, message, entry, flags);
  const id = eventId(LIVE, type, change.phoneNumberId, wamid.raw);
  const event: MessageReceived = {
    ...envelope(change, { id, path, timestamp: message.timestamp, person, flags }),
    type,
    wamid: wamid.shown,
    ...(change.displayNumber !== undefined && { displayNumber: change.displayNumber }),
    messageType: wordOf(message.type) ?? 'unknown',
    ...parts,
    ...(change.field === 'standby' && { standby: true as const }),
  };
  return aboutPerson(event, person);
}

/** Who sent it, with what `contacts[]` adds, and the entry there. */
export function senderOf(
  change: Change,
  message: Json,
  flags: Flags,
): { readonly person: PersonIds; readonly entry: ContactEntry | undefined } {
  const named = readPerson(message, senderKeys, flags);
  const entry = change.contacts.find(named);
  const person = lend(named, entry);
  const ownNumber = person.waId === undefined ? ownNumberOf(message, flags) : undefined;
  return { person: ownNumber === undefined ? person : { ...person, waId: ownNumber }, entry };
}

/** The number that somebody known by BSUID gave when asked for it: the one shared card that is about the sender. All others name third
 *  persons (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids, read 2026-06). */
function ownNumberOf(message: Json, flags: Flags): string | undefined {
  const cards = listOf(message.contacts);
  const card = objectOf(cards[0]);
  if (message.type !== 'contacts' || cards.length !== 1 || card?.origin !== 'contact_request') return undefined;
  const numbers = new Set(listOf(card.phones).map((phone) => readWaId(objectOf(phone)?.wa_id, flags)));
  return numbers.size === 1 ? [...numbers][0] : undefined;
}

function partsOf(change: Change, message: Json, entry: ContactEntry | undefined, flags: Flags) {
  const groupId = textOf(message.group_id, 256);
  return present({
    subtype: subtypeOf(message),
    identityKeyHash: readHash(entry?.keyHash, flags),
    legacyIdentity: readLegacyIdentity(message, flags),
    profileName: entry?.profileName,
    username: entry?.username,
    groupId,
    replyTo: readReplyTo(message, change.displayNumber, flags),
    referral: readReferral(message),
    optOut: readOptOut(message, groupId),
    errorCodes: errorCodesOf(message.errors),
  });
}

/** What kind of message of its type it is: an `interactive` has its answer's, an `unsupported` what it would have been. */
function subtypeOf(message: Json): string | undefined {
  const { type } = message;
  return typeof type === 'string' && kindsWithin.has(type) ? wordOf(objectOf(message[type])?.type) : undefined;
}
const kindsWithin: ReadonlySet<string> = new Set(['interactive', 'unsupported', 'system']);
