import type { PersonIds, StatusReported } from '@keyturn/contracts';
import { callStatusEvents } from './call.ts';
import { envelope, isOwned } from './envelope.ts';
import { errorCodesOf } from './errors.ts';
import { eventId } from './event-id.ts';
import { aboutPerson, type Change, type Normalized } from './normalized.ts';
import { type ContactEntry, lend } from './payload/contacts.ts';
import { type Flags, readHash, readWamid } from './payload/ids.ts';
import { firstOf, type Json, lowerWordOf, objectOf, present, textOf, wordOf } from './payload/json.ts';
import { type PersonKeys, participantKeys, readPerson, recipientKeys } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status, read 2026; the last two
 *  on older pages only. */
const deliveryStatuses: ReadonlySet<string> = new Set(['sent', 'delivered', 'read', 'played', 'failed', 'deleted', 'warning']);
/** https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-in/pg, read 2026. */
const paymentStatuses: ReadonlySet<string> = new Set(['captured', 'pending', 'failed']);

/** The events of one element of `statuses[]`, at least one: what became of our message, and `webhook.unrecognized` for what nobody knows. */
export function statusEvents(change: Change, status: Json, path: string): readonly Normalized[] {
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, status)];
  if (status.type === 'call') return callStatusEvents(change, status, path);
  const flags: Flags = new Set();
  const wamid = readWamid(status.id, flags);
  if (!wamid) return [unrecognized(change, 'wamid_missing', path, status)];
  const subject = status.type === 'payment' || objectOf(status.payment) ? 'payment' : 'delivery';
  const name = lowerWordOf(status.status) ?? 'unknown';
  const { person, entry, groupId } = recipientOf(change, status, flags);
  const parts = partsOf(status, entry, flags);
  // The participant as it is named here: of one message to a group there is a status for each.
  const participant = groupId === undefined ? '' : (person.waId ?? person.bsuid ?? person.parentBsuid ?? '');
  const id = eventId('status.reported', change.phoneNumberId, wamid.raw, subject, name, participant);
  const event: StatusReported = {
    ...envelope(change, { id, path, timestamp: status.timestamp, person, flags }),
    type: 'status.reported',
    wamid: wamid.shown,
    subject,
    status: name,
    ...present({ groupId }),
    ...parts,
    ...(change.field === 'standby' && { standby: true as const }),
  };
  const reported = aboutPerson(event, person);
  const isKnown = (subject === 'payment' ? paymentStatuses : deliveryStatuses).has(name);
  const said = isKnown ? [reported] : [reported, unrecognized(change, `${subject}_status:${name}`, path, status)];
  return isSecondHash(status, entry) ? [...said, unrecognized(change, 'contact_without_item', entry.path, entry.json)] : said;
}

/** What is empty is no hash, and hides none. */
const ownHashOf = ({ recipient_identity_key_hash: own }: Json): unknown => (own === null || own === '' ? undefined : own);

/** The status says the hash itself; its entry of `contacts[]` says another, for which there is no room. */
const isSecondHash = (status: Json, entry: ContactEntry | undefined): entry is ContactEntry => {
  const own = ownHashOf(status);
  return own !== undefined && entry?.keyHash !== undefined && entry.keyHash !== own;
};

/** Whom our message went to. In a group that is the participant, and `recipient_id` names the group. */
function recipientOf(
  change: Change,
  status: Json,
  flags: Flags,
): { person: PersonIds; entry: ContactEntry | undefined; groupId: string | undefined } {
  const isGroup = status.recipient_type === 'group' || namesAny(status, participantKeys);
  const person = readPerson(status, isGroup ? participantKeys : recipientKeys, flags);
  const entry = change.contacts.find(person);
  return {
    person: lend(person, entry),
    entry,
    groupId: isGroup ? (textOf(status.recipient_id, 256) ?? 'unknown') : undefined,
  };
}

const namesAny = (status: Json, keys: PersonKeys): boolean => Object.values(keys).some((spelled) => firstOf(status, spelled) !== undefined);

const partsOf = (status: Json, entry: ContactEntry | undefined, flags: Flags) =>
  present({
    identityKeyHash: readHash(ownHashOf(status) ?? entry?.keyHash, flags),
    errorCodes: errorCodesOf(status.errors),
    pricingCategory: wordOf(categoryOf(status)),
    sentUnder: SENT_UNDER.exec(textOf(status.biz_opaque_callback_data, 512) ?? '')?.[1],
  });

/** What a sender may add to its own callback data, so that a refusal of an old send is known for what it is (docs/identity.md). */
const SENT_UNDER = /(?:^|[\s;,&])keyturn-hash=([\x21-\x25\x27-\x2b\x2d-\x3a\x3c-\x7e]{1,256})(?=$|[\s;,&])/;

/** `pricing` was seen inside `conversation` too. */
const categoryOf = (status: Json): unknown =>
  objectOf(status.pricing)?.category ?? objectOf(objectOf(status.conversation)?.pricing)?.category;
