import type { PreferenceChanged } from '@keyturn/contracts';
import { aboutPerson, type Normalized } from './normalized.ts';
import { textOf } from './payload/json.ts';
import { hashBeside, type SystemItem, subjectOf, systemEnvelope } from './system-item.ts';

/** A legacy notice of what the person wants to receive; nothing where it says neither stop nor resume
 *  (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/user_preferences, legacy). */
export function preferenceChanged(item: SystemItem): readonly Normalized[] {
  const preference = textOf(item.system.marketing, 16)?.toLowerCase();
  if (preference !== 'stop' && preference !== 'resume') return [];
  const { person, entry } = subjectOf(item);
  const event: PreferenceChanged = { ...systemEnvelope(item, 'preference.changed', person), category: 'marketing', preference };
  const changed = aboutPerson(event, person);
  const carriesHash = entry?.keyHash !== undefined || (item.message.identity ?? undefined) !== undefined;
  return carriesHash ? [changed, hashBeside(item)] : [changed];
}
