import type { NumberChanged, PersonIds } from '@keyturn/contracts';
import { envelope, isOwned } from './envelope.ts';
import { contentId } from './event-id.ts';
import { aboutPerson, type Change, type Normalized } from './normalized.ts';
import { type Flags, readBsuid, readWaId } from './payload/ids.ts';
import { firstOf, type Json, objectOf, present } from './payload/json.ts';
import { isNobody } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

/** One element of `user_id_update[]`: a person has another BSUID, told as a field of its own from March to August 2026 and by partners since. The
 *  directory takes it and the notice of the same change for one. Its `wa_id` is the number of now
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/changelog/, read 2026-08). */
export function userIdUpdateEvents(change: Change, item: Json, path: string): readonly Normalized[] {
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, item)];
  const flags: Flags = new Set();
  const [previous, current] = [previousOf(item, flags), currentOf(item, flags)];
  const { detail: _wording, ...said } = item;
  const person = isNobody(previous) ? current : previous;
  const event: NumberChanged = {
    ...envelope(change, { id: contentId(change, 'number.changed', said, path), path, timestamp: item.timestamp, person, flags }),
    type: 'number.changed',
    variant: 'user_id_update',
    previous,
    current,
  };
  return [aboutPerson(event, person)];
}

function previousOf(item: Json, flags: Flags): PersonIds {
  const id = (key: string) => readBsuid(objectOf(item[key])?.previous ?? item[`previous_${key}`], flags);
  return present({
    waId: readWaId(firstOf(item, ['previous_wa_id']), flags),
    bsuid: id('user_id'),
    parentBsuid: id('parent_user_id'),
  });
}

function currentOf(item: Json, flags: Flags): PersonIds {
  const id = (key: string) => {
    const under = objectOf(item[key]);
    return readBsuid(under ? under.current : item[key], flags);
  };
  return present({ waId: readWaId(item.wa_id, flags), bsuid: id('user_id'), parentBsuid: id('parent_user_id') });
}
