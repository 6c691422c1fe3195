import { contactBook } from '../payload/contacts.ts';
import { readOwnId } from '../payload/ids.ts';
import { type Json, objectOf, type Placed, pointerStep, textOf } from '../payload/json.ts';
import { changeErrors } from './errors.ts';
import { fieldByKeys, listFields, valueFields } from './fields.ts';
import { itemEvents } from './items.ts';
import { digitsOf } from './message-parts.ts';
import type { Change, Normalized, Webhook } from './normalized.ts';
import { unrecognized } from './unrecognized.ts';

/** What stands above a change in the body. */
export type Above = { readonly webhook: Webhook; readonly root: Json; readonly entry: Json };
/** Reads one item, or what stands beside the items of a change. Steps of one change are taken in their order. */
export type Step = () => readonly Normalized[];

/** Keys beside the items of a change that are no items themselves. A `conversation_context` retells a talk; nothing hangs on it. */
const notItems: readonly string[] = ['messaging_product', 'metadata', 'contacts', 'conversation_context', 'errors'];

/** The steps that read one element of `changes[]`: one an item, and one for all that is no item. Together they give at least one event. */
export function* changeSteps(above: Above, placed: Placed): Generator<Step> {
  const json = objectOf(placed.value);
  const value = objectOf(json?.value);
  const change = changeOf(above, json ?? {}, value ?? {});
  const field = change.field ?? '';
  const read = Object.hasOwn(valueFields, field) ? valueFields[field] : undefined;
  if (json && value && read) yield () => itemEvents(change, { ...placed, read });
  else if (json && value && Object.hasOwn(listFields, field))
    yield* listSteps(change, placed, itemsHolder(field, value, `${placed.path}/value`));
  else yield () => [unrecognized(change, json && value && field !== '' ? 'field' : 'not_a_change', placed.path, placed.value)];
}

type Holder = { readonly value: Json; readonly path: string };
/** While another owner has the thread, what would be the value stands within it once more. */
function itemsHolder(field: string, value: Json, path: string): Holder {
  const within = field === 'standby' ? objectOf(value.standby) : undefined;
  return within ? { value: within, path: `${path}/standby` } : { value, path };
}

function* listSteps(shared: Change, placed: Placed, { value, path }: Holder): Generator<Step> {
  const { items, keys } = listFields[shared.field as string] as (typeof listFields)[string];
  const change = { ...shared, contacts: contactBook(value.contacts, `${path}/contacts`) };
  let any = false;
  for (const item of items(value, path)) {
    any = true;
    yield () => itemEvents(change, item);
  }
  yield () => {
    const found = [
      ...(isEmpty(value.errors) ? [] : changeErrors(change, value.errors, `${path}/errors`)),
      ...unknownKeys(change, value, keys, path),
      ...change.contacts.untaken().map((entry) => unrecognized(change, 'contact_without_item', entry.path, entry.json)),
    ];
    return any || found.length > 0 ? found : [unrecognized(change, 'no_items', placed.path, placed.value)];
  };
}

/** All keys that nobody knows in one event, however many. A lone string or number under one is no item, an empty list has none. */
function unknownKeys(change: Change, value: Json, keys: readonly string[], path: string): readonly Normalized[] {
  const unknown = Object.keys(value).filter((key) => !keys.includes(key) && !notItems.includes(key) && !isEmpty(value[key]));
  const [only] = unknown;
  if (only === undefined) return [];
  return unknown.length === 1
    ? [unrecognized(change, 'key', `${path}${pointerStep(only)}`, value[only])]
    : [unrecognized(change, 'keys', path, Object.fromEntries(unknown.map((key) => [key, value[key]])))];
}

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : !objectOf(value));

const nobody = contactBook(undefined, '');
function changeOf({ webhook, root, entry }: Above, json: Json, value: Json): Change {
  const own = objectOf(value.metadata) ?? objectOf(value.recipient);
  return {
    webhook,
    wabaId: readOwnId(entry.id),
    phoneNumberId: readOwnId(own?.phone_number_id),
    displayNumber: digitsOf(own?.display_phone_number),
    // Samples were printed with `field` one and two levels too high, so such bodies may come.
    field: textOf(json.field ?? entry.field ?? root.field, 128) ?? fieldByKeys(value),
    entryTime: entry.time,
    contacts: nobody,
  };
}
