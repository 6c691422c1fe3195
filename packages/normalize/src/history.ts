import type { MessageImported, PersonIds } from '@keyturn/contracts';
import { itemAs } from './account-event.ts';
import { envelope, isOwned } from './envelope.ts';
import { errorCodesOf } from './errors.ts';
import { eventId } from './event-id.ts';
import { addEach, type FieldItems, type ItemReader, isFull, type Step } from './items.ts';
import { digitsOf, isOneNumber } from './message-parts.ts';
import { aboutPerson, type Change } from './normalized.ts';
import { type Flags, readWamid } from './payload/ids.ts';
import { type Json, listOf, lowerWordOf, objectOf, placedOf, present, wholeOf, wordOf } from './payload/json.ts';
import { addresseeKeys, isNobody, readPerson, senderKeys } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

/** Each part of a history, and each message in it; media that come later stand as messages of their own. All are claims: nothing of them opens,
 *  allows or links anything (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/history, read 2026). */
export const historyItems: FieldItems = (steps, change, value, path) => {
  addEach(steps, change, value.messages, `${path}/messages`, imported({}, {}));
  const from = steps.length;
  addEach(steps, change, value.history, `${path}/history`, partEvents);
  for (const part of steps.slice(from)) addThreads(steps, part);
};

const partEvents = itemAs('history.reported', [], ({ metadata, errors }) => {
  const of = objectOf(metadata);
  return {
    phase: wholeOf(of?.phase),
    chunkOrder: wholeOf(of?.chunk_order),
    progressPercent: wholeOf(of?.progress),
    errorCodes: errorCodesOf(errors),
  };
});

function addThreads(steps: Step[], { change, value, path }: Step): void {
  const part = objectOf(value);
  const of = objectOf(part?.metadata);
  const chunk = present({ phase: wholeOf(of?.phase), order: wholeOf(of?.chunk_order) });
  for (const placed of placedOf(part?.threads, `${path}/threads`)) {
    if (isFull(steps)) return;
    const thread = objectOf(placed.value);
    if (!thread || listOf(thread.messages).length === 0) steps.push({ ...placed, change, read: emptyThread });
    else addEach(steps, change, thread.messages, `${placed.path}/messages`, imported(thread, chunk));
  }
}
const emptyThread: ItemReader = (change, thread, path) => [unrecognized(change, 'empty_thread', path, thread)];

/** A message of a thread. Its id is never the live message's, nor that of the placeholder for which a medium comes later. */
const imported =
  (thread: Json, chunk: NonNullable<MessageImported['chunk']>): ItemReader =>
  (change, message, path) => {
    if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, message)];
    const flags: Flags = new Set();
    const wamid = readWamid(message.id, flags);
    if (!wamid) return [unrecognized(change, 'wamid_missing', path, message)];
    const messageType = wordOf(message.type) ?? 'unknown';
    const author = authorOf(change, message);
    const person = personOf(thread, message, author, flags);
    const event: MessageImported = {
      ...envelope(change, {
        id: eventId('message.imported', change.phoneNumberId, wamid.raw, messageType),
        path,
        timestamp: message.timestamp,
        person,
        flags,
      }),
      type: 'message.imported',
      wamid: wamid.shown,
      messageType,
      author,
      ...present({ status: lowerWordOf(objectOf(message.history_context)?.status) }),
      ...(Object.keys(chunk).length > 0 && { chunk }),
    };
    return [aboutPerson(event, person)];
  };

function authorOf({ displayNumber }: Change, { from, from_user_id }: Json): MessageImported['author'] {
  const author = digitsOf(from);
  if (isOneNumber(author, displayNumber)) return 'business';
  return (author !== undefined && displayNumber !== undefined) || from_user_id !== undefined ? 'person' : 'unknown';
}

/** Whose thread it is; of a message without one, whoever is not us. */
function personOf(thread: Json, message: Json, author: MessageImported['author'], flags: Flags): PersonIds {
  const keys = author === 'business' ? addresseeKeys : senderKeys;
  const byThread = readPerson({ ...thread, wa_id: thread.wa_id ?? thread.id }, threadKeys, flags);
  return isNobody(byThread) ? readPerson(message, keys, flags) : byThread;
}
const threadKeys = { waId: ['wa_id'], bsuid: ['user_id'], parentBsuid: ['parent_user_id'] };
