import { businessFields } from './business-fields.ts';
import { callEvents, callStatusEvents } from './call.ts';
import { automaticEvents, userActionEvents } from './detached.ts';
import { echoEvents } from './echo.ts';
import { groupItems } from './group.ts';
import { handoverEvents } from './handover.ts';
import { historyItems } from './history.ts';
import { type FieldItems, type ItemReader, listed } from './items.ts';
import { messageEvents } from './message.ts';
import { numberFields } from './number-fields.ts';
import { type Json, objectOf } from './payload/json.ts';
import { stateSyncEvents } from './state-sync.ts';
import { statusEvents } from './status.ts';
import { templateFields } from './template-fields.ts';
import { userIdUpdateEvents } from './user-id-update.ts';
import { userPreferenceEvents } from './user-preference.ts';

const messages = { messages: messageEvents, statuses: statusEvents, user_actions: userActionEvents };
const echoes = { message_echoes: echoEvents };
const groups = { items: groupItems, keys: ['groups'] };

/** A field whose value holds lists of items, under these keys. */
type ListField = { readonly items: FieldItems; readonly keys: readonly string[] };
const lists = (readers: Readonly<Record<string, ItemReader>>): ListField => ({ items: listed(readers), keys: Object.keys(readers) });

/** The fields whose values hold items. Everything else under a known field's value than these lists is looked at by `change.ts`. */
export const listFields: ReadonlyMap<string, ListField> = new Map(
  Object.entries({
    messages: lists(messages),
    calls: lists({ calls: callEvents, statuses: callStatusEvents }),
    standby: lists({ ...messages, ...echoes }),
    smb_message_echoes: lists(echoes),
    message_echoes: lists(echoes),
    history: { items: historyItems, keys: ['history', 'messages'] },
    smb_app_state_sync: lists({ state_sync: stateSyncEvents }),
    user_preferences: lists({ user_preferences: userPreferenceEvents }),
    user_id_update: lists({ user_id_update: userIdUpdateEvents }),
    automatic_events: lists({ automatic_events: automaticEvents }),
    group_lifecycle_update: groups,
    group_participants_update: groups,
    group_participant_update: groups,
    group_settings_update: groups,
    group_status_update: groups,
  }),
);

/** The fields whose value is itself the one thing said. */
export const valueFields: ReadonlyMap<string, ItemReader> = new Map(
  Object.entries({
    ...businessFields,
    ...numberFields,
    ...templateFields,
    messaging_handovers: handoverEvents,
  }),
);

/** Where the field's name is missing altogether, the keys of its value tell: a hash in such a message counts. The first field that has one of them. */
export function fieldByKeys(value: Json): string | undefined {
  const of = (keys: readonly string[]) => keys.some((key) => Array.isArray(value[key]));
  if (!objectOf(value.metadata)) return undefined;
  for (const [field, { keys }] of listFields) if (of(keys)) return field;
  return undefined;
}
