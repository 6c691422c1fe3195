import type { ThreadHandedOver } from '@keyturn/contracts';
import { envelope, isOwned } from './envelope.ts';
import { contentId } from './event-id.ts';
import type { ItemReader } from './items.ts';
import { aboutPerson } from './normalized.ts';
import type { Flags } from './payload/ids.ts';
import { objectOf, present, wordOf } from './payload/json.ts';
import { namedKeys, readPerson } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

/** A change of `messaging_handovers`: who owns the thread with a person. It names our number as the recipient, not as metadata. */
export const handoverEvents: ItemReader = (change, json, path) => {
  const value = objectOf(json.value) ?? {};
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, json)];
  const handover = wordOf(value.type) ?? ['control_passed', 'control_taken'].find((key) => objectOf(value[key]));
  if (handover === undefined) return [unrecognized(change, 'shape', path, json)];
  const owners = objectOf(value[handover]);
  const flags: Flags = new Set();
  const person = readPerson(objectOf(value.sender) ?? {}, namedKeys, flags);
  const event: ThreadHandedOver = {
    ...envelope(change, { id: contentId(change, 'thread.handed_over', value, path), path, timestamp: value.timestamp, person, flags }),
    type: 'thread.handed_over',
    handover,
    ...present({
      previousOwnerRole: wordOf(owners?.previous_owner_role ?? owners?.previous_owner_app_role),
      newOwnerRole: wordOf(owners?.new_owner_role ?? owners?.new_owner_app_role),
    }),
  };
  return [aboutPerson(event, person)];
};
