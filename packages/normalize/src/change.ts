import { changeErrors } from './errors.ts';
import { fieldByKeys, listFields, valueFields } from './fields.ts';
import type { ItemReader, Step } from './items.ts';
import { digitsOf } from './message-parts.ts';
import type { Change, Normalized, Webhook } from './normalized.ts';
import { contactBook } from './payload/contacts.ts';
import { readOwnId } from './payload/ids.ts';
import { type Json, objectOf, pointerStep, textOf } from './payload/json.ts';
import { unrecognized } from './unrecognized.ts';

/** What stands above a change in the body. */
export type Above = { readonly webhook: Webhook; readonly root: Json; readonly entry: Json };

/** Keys beside the items of a change that are no items themselves. A `conversation_context` retells a talk; nothing hangs on it. */
const notItems: ReadonlySet<string> = new Set(['messaging_product', 'metadata', 'contacts', 'conversation_context', 'errors']);

/** Adds the steps that read one element of `changes[]`: one an item, and one for all that is no item. Together they give at least one event. */
export function addChange(steps: Step[], above: Above, element: unknown, path: string): void {
  const json = objectOf(element);
  const value = objectOf(json?.value);
  const field = fieldOf(above, json ?? {}, value ?? {});
  const known = json && value && field !== undefined;
  if (known && listFields.has(field)) {
    addList(steps, above, { field, value, path });
    return;
  }
  const read = (known && valueFields.get(field)) || (known ? unknownField : notAChange);
  const change = changeOf(above, field, value ?? {}, `${path}/value`);
  steps.push({ change, value: json ?? {}, path, read: json ? read : notAnObject(element) });
}

// Samples were printed with `field` one and two levels too high, so such bodies may come.
const fieldOf = ({ root, entry }: Above, json: Json, value: Json): string | undefined =>
  textOf(json.field ?? entry.field ?? root.field, 128) ?? fieldByKeys(value);

const unknownField: ItemReader = (change, json, path) => [unrecognized(change, 'field', path, json)];
const notAChange: ItemReader = (change, json, path) => [unrecognized(change, 'not_a_change', path, json)];
const notAnObject =
  (element: unknown): ItemReader =>
  (change, _json, path) => [unrecognized(change, 'not_a_change', path, element)];

type List = { readonly field: string; readonly value: Json; readonly path: string };
function addList(steps: Step[], above: Above, list: List): void {
  const { field, value, path } = list;
  // While another owner has the thread, what would be the value stands within it once more.
  const within = field === 'standby' ? objectOf(value.standby) : undefined;
  if (within === undefined) {
    addLevel(steps, above, list, { holder: value, at: `${path}/value` });
    return;
  }
  const { standby: _, ...beside } = value;
  addLevel(steps, above, list, { holder: within, at: `${path}/value/standby` });
  addLevel(steps, above, list, { holder: beside, at: `${path}/value` }, besideItems);
}

/** The items of one level, and what stands beside them. `orNothing` reads that where there is no item. */
function addLevel(
  steps: Step[],
  above: Above,
  { field, value, path }: List,
  { holder, at }: { readonly holder: Json; readonly at: string },
  orNothing = besideNothing(path, value),
): void {
  const change = changeOf(above, field, value, at, holder.contacts);
  const before = steps.length;
  listFields.get(field)?.items(steps, change, holder, at);
  steps.push({ change, value: holder, path: at, read: steps.length === before ? orNothing : besideItems });
}

/** All that stands beside the items: errors of the whole change, keys that nobody knows, key hashes that no item took. */
const besideItems: ItemReader = (change, holder, path) => {
  const errors = isEmpty(holder.errors) ? none : changeErrors(change, holder.errors, `${path}/errors`);
  const untaken = untakenHashes(change, holder, path);
  const unknown = unknownKeys(change, holder, path);
  return errors.length + untaken.length + unknown.length === 0 ? none : [...errors, ...unknown, ...untaken];
};
const none: readonly Normalized[] = [];

/** As many of them as the platform puts into one body at most; more become one event. */
const UNTAKEN_MAX = 1_000;
function untakenHashes(change: Change, { contacts }: Json, path: string): readonly Normalized[] {
  const untaken = change.contacts.untaken();
  return untaken.length > UNTAKEN_MAX
    ? [unrecognized(change, 'contacts_without_item', `${path}/contacts`, contacts)]
    : untaken.map((entry) => unrecognized(change, 'contact_without_item', entry.path, entry.json));
}

const besideNothing =
  (changePath: string, value: Json): ItemReader =>
  (change, holder, path) => {
    const found = besideItems(change, holder, path);
    return found.length > 0 ? found : [unrecognized(change, 'no_items', changePath, { field: change.field, value })];
  };

/** All keys that nobody knows in one event, however many. A lone string or number under one is no item, an empty list has none. */
function unknownKeys(change: Change, value: Json, path: string): readonly Normalized[] {
  const known = listFields.get(change.field as string)?.keys;
  const unknown: string[] = [];
  for (const key of Object.keys(value)) if (!known?.includes(key) && !notItems.has(key) && !isEmpty(value[key])) unknown.push(key);
  const [only] = unknown;
  if (only === undefined) return [];
  return unknown.length === 1
    ? [unrecognized(change, 'key', `${path}${pointerStep(only)}`, value[only])]
    : [unrecognized(change, 'keys', path, Object.fromEntries(unknown.map((key) => [key, value[key]])))];
}

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : !objectOf(value));

const nobody = contactBook(undefined, '');
function changeOf({ webhook, entry }: Above, field: string | undefined, value: Json, path: string, contacts?: unknown): Change {
  const own = objectOf(value.metadata) ?? objectOf(value.recipient);
  return {
    webhook,
    wabaId: readOwnId(entry.id),
    phoneNumberId: readOwnId(own?.phone_number_id),
    displayNumber: digitsOf(own?.display_phone_number),
    field,
    entryTime: entry.time,
    contacts: contacts === undefined ? nobody : contactBook(contacts, `${path}/contacts`),
  };
}

/** What is known of the change where only the body is. */
export const bodyOnly = (webhook: Webhook): Change => ({
  webhook,
  wabaId: undefined,
  phoneNumberId: undefined,
  displayNumber: undefined,
  field: undefined,
  entryTime: undefined,
  contacts: nobody,
});
