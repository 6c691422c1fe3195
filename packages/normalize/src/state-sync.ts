import type { StateSynced } from '@keyturn/contracts';
import { envelope, isOwned } from './envelope.ts';
import { contentId } from './event-id.ts';
import { aboutPerson, type Change, type Normalized } from './normalized.ts';
import type { Flags } from './payload/ids.ts';
import { type Json, objectOf, wordOf } from './payload/json.ts';
import { namedKeys, readPerson } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

/** One element of `state_sync[]`: an entry of the business app's address book, a claim. The name that it has there stays unread. */
export function stateSyncEvents(change: Change, sync: Json, path: string): readonly Normalized[] {
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, sync)];
  const kind = wordOf(sync.type);
  const contact = objectOf(sync.contact);
  if (!kind || !contact) return [unrecognized(change, `state_sync:${kind ?? ''}`, path, sync)];
  const flags: Flags = new Set();
  const person = readPerson(contact, namedKeys, flags);
  const event: StateSynced = {
    ...envelope(change, {
      id: contentId(change, 'state.synced', sync, path),
      path,
      timestamp: objectOf(sync.metadata)?.timestamp ?? sync.timestamp,
      person,
      flags,
    }),
    type: 'state.synced',
    kind,
    action: wordOf(sync.action) ?? 'unknown',
  };
  return [aboutPerson(event, person)];
}
