import type { MessageEchoed } from '@keyturn/contracts';
import { envelope, isOwned } from './envelope.ts';
import { originalWamidOf } from './errors.ts';
import { eventId } from './event-id.ts';
import { aboutPerson, type Change, type Normalized } from './normalized.ts';
import { lend } from './payload/contacts.ts';
import { type Flags, readHash, readWamid } from './payload/ids.ts';
import { type Json, objectOf, present, textOf, wordOf } from './payload/json.ts';
import { addresseeKeys, readPerson } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

const sentFrom: Readonly<Record<string, MessageEchoed['sentFrom']>> = { smb_message_echoes: 'business_app', standby: 'standby' };

/** One element of `message_echoes[]`: what somebody of ours sent past the gate. The person is the addressee, who wrote nothing. */
export function echoEvents(change: Change, echo: Json, path: string): readonly Normalized[] {
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, echo)];
  const flags: Flags = new Set();
  const wamid = readWamid(echo.id, flags);
  if (!wamid) return [unrecognized(change, 'wamid_missing', path, echo)];
  // While another owner has the thread, the body of its send stands within.
  const message: Json = { ...objectOf(echo.message), ...echo };
  const groupId = message.recipient_type === 'group' ? textOf(message.to, 256) : textOf(message.group_id, 256);
  const named = groupId === undefined ? readPerson(message, addresseeKeys, flags) : {};
  const entry = change.contacts.find(named);
  const person = lend(named, entry);
  const parts = present({ identityKeyHash: readHash(entry?.keyHash, flags), originalWamid: originalWamidOf(message, flags), groupId });
  const event: MessageEchoed = {
    ...envelope(change, {
      id: eventId('message.echoed', change.phoneNumberId, wamid.raw),
      path,
      timestamp: echo.timestamp,
      person,
      flags,
    }),
    type: 'message.echoed',
    wamid: wamid.shown,
    messageType: wordOf(message.type) ?? 'unknown',
    sentFrom: sentFrom[change.field ?? ''] ?? 'unknown',
    ...parts,
  };
  return [aboutPerson(event, person)];
}
