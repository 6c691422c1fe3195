import type { PreferenceChanged } from '@keyturn/contracts';
import { envelope, isOwned } from './envelope.ts';
import { contentId } from './event-id.ts';
import { aboutPerson, type Change, type Normalized } from './normalized.ts';
import { lend } from './payload/contacts.ts';
import { type Flags, readHash } from './payload/ids.ts';
import { type Json, lowerWordOf, present, textOf, wordOf } from './payload/json.ts';
import { namedKeys, readPerson } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

const preferences: readonly string[] = ['stop', 'resume', 'signup'];
const isPreference = (value: string | undefined): value is PreferenceChanged['preference'] =>
  value !== undefined && preferences.includes(value);

/** One element of `user_preferences[]`: what the person wants to receive. A value that nobody knows is neither a stop nor a consent. */
export function userPreferenceEvents(change: Change, item: Json, path: string): readonly Normalized[] {
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, item)];
  const preference = lowerWordOf(item.value);
  if (!isPreference(preference)) return [unrecognized(change, `preference:${preference ?? ''}`, path, item)];
  const flags: Flags = new Set();
  const named = readPerson(item, namedKeys, flags);
  const entry = change.contacts.find(named);
  const person = lend(named, entry);
  const parts = present({ identityKeyHash: readHash(entry?.keyHash, flags), signupId: textOf(item.signup_id, 256) });
  const event: PreferenceChanged = {
    ...envelope(change, { id: contentId(change, 'preference.changed', item, path), path, timestamp: item.timestamp, person, flags }),
    type: 'preference.changed',
    category: wordOf(item.category) ?? 'marketing_messages',
    preference,
    ...parts,
  };
  return [aboutPerson(event, person)];
}
