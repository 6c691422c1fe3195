import type { PersonIds } from '@keyturn/contracts';
import { type Flags, readBsuid, readWaId } from './ids.ts';
import { firstOf, type Json } from './json.ts';

/** Under which keys one kind of item names a person; the first that is there counts. */
export type PersonKeys = { readonly [Id in keyof PersonIds]-?: readonly string[] };

/** Who wrote. The parent key was spelled differently until May 2026
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/changelog/, read 2026-08); delayed webhooks still are. */
export const senderKeys: PersonKeys = {
  waId: ['from'],
  bsuid: ['from_user_id'],
  parentBsuid: ['from_parent_user_id', 'parent_from_user_id', 'parent_user_id'],
};
/** Whom a status is about, outside of groups. */
export const recipientKeys: PersonKeys = {
  waId: ['recipient_id'],
  bsuid: ['recipient_user_id'],
  parentBsuid: ['recipient_parent_user_id', 'parent_recipient_user_id', 'parent_user_id'],
};
/** In a group status the recipient is the group; the person is a participant of it. Two pages, two spellings. */
export const participantKeys: PersonKeys = {
  waId: ['recipient_participant_id', 'participant_recipient_id'],
  bsuid: ['recipient_participant_user_id', 'participant_recipient_user_id'],
  parentBsuid: ['recipient_participant_parent_user_id', 'participant_recipient_parent_user_id', 'parent_recipient_participant_user_id'],
};
/** Whom our message or call went to, and whom we called by. */
export const addresseeKeys: PersonKeys = {
  waId: ['to'],
  bsuid: ['to_user_id', 'recipient'],
  parentBsuid: ['to_parent_user_id', 'parent_to_user_id', 'parent_user_id'],
};
/** A person who is named as such, with all that the platform knows of them. */
export const namedKeys: PersonKeys = {
  waId: ['wa_id', 'phone_number', 'input'],
  bsuid: ['user_id'],
  parentBsuid: ['parent_user_id'],
};
/** Whom an entry of `contacts[]` is about. */
export const contactKeys: PersonKeys = { waId: ['wa_id'], bsuid: ['user_id'], parentBsuid: ['parent_user_id'] };

/** The identifiers that are there and can be such. */
export function readPerson(json: Json, keys: PersonKeys, flags: Flags): PersonIds {
  const waId = readWaId(firstOf(json, keys.waId), flags);
  const bsuid = readBsuid(firstOf(json, keys.bsuid), flags);
  const parentBsuid = readBsuid(firstOf(json, keys.parentBsuid), flags);
  return {
    ...(waId !== undefined && { waId }),
    ...(bsuid !== undefined && { bsuid }),
    ...(parentBsuid !== undefined && { parentBsuid }),
  };
}

/** Whether nobody is named. */
export const isNobody = ({ waId, bsuid, parentBsuid }: PersonIds): boolean =>
  waId === undefined && bsuid === undefined && parentBsuid === undefined;
