import type { AccountEvent } from '@keyturn/contracts';
import { canonicalJson, eventId } from './event-id.ts';
import type { ItemReader } from './items.ts';
import { digitsOf } from './message-parts.ts';
import { aboutAccount, type Change, type Normalized } from './normalized.ts';
import type { Flags } from './payload/ids.ts';
import { type Json, objectOf, present } from './payload/json.ts';
import { readInstant } from './payload/times.ts';
import { unrecognized } from './unrecognized.ts';

type Typed<Type extends AccountEvent['type']> = Extract<AccountEvent, { type: Type }>;
type Enveloped = 'id' | 'type' | 'wabaId' | 'occurredAt' | 'receivedAt' | 'source' | 'flags' | 'fragment';
/** What an event says beside its envelope. Undefined counts as left out. */
type Fields<Type extends AccountEvent['type']> = {
  [Key in keyof Omit<Typed<Type>, Enveloped>]?: Typed<Type>[Key] | undefined;
};
type Required<Type extends AccountEvent['type']> = readonly (keyof Fields<Type>)[];

/** Reads a change of a field that is about our account as one event of this type. One without what makes it that (`required`) is kept as
 *  unrecognized. `beside`: the object that `value` stands in. */
export const changeAs =
  <Type extends AccountEvent['type']>(
    type: Type,
    required: Required<Type>,
    read: (value: Json, beside: Json, change: Change) => Fields<Type>,
  ): ItemReader =>
  (change, json, path) => {
    const value = objectOf(json.value) ?? {};
    const fields = read(value, json, change);
    if (lacks(fields, required)) return [unrecognized(change, 'shape', path, json)];
    return [accountEvent(change, type, fields, { path, content: value, at: value.timestamp ?? change.entryTime ?? null })];
  };

/** The same for one item of a list within the value. */
export const itemAs =
  <Type extends AccountEvent['type']>(type: Type, required: Required<Type>, read: (item: Json) => Fields<Type>): ItemReader =>
  (change, item, path) => {
    const fields = read(item);
    if (lacks(fields, required)) return [unrecognized(change, 'shape', path, item)];
    return [accountEvent(change, type, fields, { path, content: item, at: item.timestamp ?? change.entryTime })];
  };

const lacks = <Of extends object>(fields: Of, required: readonly (keyof Of)[]): boolean =>
  required.some((key) => fields[key] === undefined);

/** An event about nobody. Its id comes from the content and the time, which is the item's own, else the entry's: the same thing said anew a week
 *  later is another event. */
function accountEvent<Type extends AccountEvent['type']>(
  change: Change,
  type: Type,
  fields: Fields<Type>,
  { path, content, at }: { readonly path: string; readonly content: Json; readonly at: unknown },
): Normalized {
  const { webhook, wabaId, phoneNumberId, field } = change;
  if (wabaId === undefined) return unrecognized(change, 'own_ids_missing', path, content);
  const flags: Flags = new Set();
  // Some items have no time, nor has their entry: nothing is wrong with them.
  const occurredAt = at === undefined ? webhook.receivedAt : readInstant(at, webhook, flags);
  const canonical = canonicalJson(content) ?? `${webhook.webhookId} ${path}`;
  const event = present({
    id: eventId(type, wabaId, phoneNumberId, field, occurredAt === webhook.receivedAt ? undefined : occurredAt, canonical),
    type,
    wabaId: type === 'partner_solution.changed' ? undefined : wabaId,
    phoneNumberId,
    displayNumber: phoneNumberId === undefined ? digitsOf(content.display_phone_number ?? content.phone_number) : undefined,
    occurredAt,
    receivedAt: webhook.receivedAt,
    source: { webhookId: webhook.webhookId, path },
    ...fields,
    flags: flags.size > 0 ? [...flags] : undefined,
  });
  return aboutAccount(event as unknown as AccountEvent);
}
