import { contactBook } from '../payload/contacts.ts';
import { readOwnId } from '../payload/ids.ts';
import { type Json, objectOf, type Placed, placedOf, pointerStep, textOf } from '../payload/json.ts';
import { messageEvents } from './message.ts';
import { digitsOf } from './message-parts.ts';
import type { Change, Normalized, Webhook } from './normalized.ts';
import { oneByOne } from './one-by-one.ts';
import { statusEvents } from './status.ts';
import { unrecognized } from './unrecognized.ts';

/** What stands above a change in the body. */
export type Above = { readonly webhook: Webhook; readonly root: Json; readonly entry: Json };

/** Keys beside the items of a change that are no items themselves. A `conversation_context` retells a talk; nothing hangs on it. */
const notItems = ['messaging_product', 'metadata', 'contacts', 'conversation_context'];
const knownKeys: ReadonlySet<string> = new Set([...notItems, 'messages', 'statuses', 'user_actions', 'errors']);

/** The events of one element of `changes[]`: for the `messages` field at least one of each item, for all other fields one that keeps it. */
export function changeEvents(above: Above, placed: Placed): readonly Normalized[] {
  const json = objectOf(placed.value);
  const value = objectOf(json?.value);
  const change = changeOf(above, json ?? {}, value ?? {}, placed.path);
  if (!json || !value || change.field !== 'messages') {
    return [
      unrecognized(change, change.field === undefined || change.field === 'messages' ? 'not_a_change' : 'field', placed.path, placed.value),
    ];
  }
  const path = `${placed.path}/value`;
  const events = [
    ...eachOf(value.messages, `${path}/messages`, (item) => oneByOne(change, item, messageEvents)),
    ...eachOf(value.statuses, `${path}/statuses`, (item) => oneByOne(change, item, statusEvents)),
    ...eachOf(value.user_actions, `${path}/user_actions`, (item) => [unrecognized(change, 'user_action', item.path, item.value)]),
    ...(isEmpty(value.errors) ? [] : [unrecognized(change, 'errors', `${path}/errors`, value.errors)]),
    ...unknownKeys(change, value, path),
  ];
  const untaken = change.contacts.untaken().map((entry) => unrecognized(change, 'contact_without_item', entry.path, entry.json));
  const all = [...events, ...untaken];
  return all.length > 0 ? all : [unrecognized(change, 'no_items', placed.path, placed.value)];
}

const eachOf = (list: unknown, path: string, events: (item: Placed) => readonly Normalized[]): readonly Normalized[] =>
  placedOf(list, path).flatMap(events);

/** All keys that nobody knows in one event, however many. A lone string or number under one is no item, an empty list has none. */
function unknownKeys(change: Change, value: Json, path: string): readonly Normalized[] {
  const unknown = Object.entries(value).filter(([key, under]) => !knownKeys.has(key) && !isEmpty(under));
  const [only] = unknown;
  if (!only) return [];
  return unknown.length === 1
    ? [unrecognized(change, 'key', `${path}${pointerStep(only[0])}`, only[1])]
    : [unrecognized(change, 'keys', path, Object.fromEntries(unknown))];
}

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : !objectOf(value));

function changeOf({ webhook, root, entry }: Above, json: Json, value: Json, path: string): Change {
  const metadata = objectOf(value.metadata);
  return {
    webhook,
    wabaId: readOwnId(entry.id),
    phoneNumberId: readOwnId(metadata?.phone_number_id),
    displayNumber: digitsOf(metadata?.display_phone_number),
    // Samples were printed with `field` one and two levels too high, so such bodies may come.
    field: textOf(json.field ?? entry.field ?? root.field, 128) ?? fieldByKeys(value),
    contacts: contactBook(value.contacts, `${path}/value/contacts`),
  };
}

/** Where the field's name is missing altogether, its keys tell: a hash in such a message counts. */
const fieldByKeys = (value: Json): string | undefined =>
  objectOf(value.metadata) && (Array.isArray(value.messages) || Array.isArray(value.statuses)) ? 'messages' : undefined;
