import { type Json, objectOf, type Placed, placedOf } from '../payload/json.ts';
import type { Change, Normalized } from './normalized.ts';
import { unrecognized } from './unrecognized.ts';

/** Reads one item: at least one event of it, whatever it is. */
export type ItemReader = (change: Change, json: Json, path: string) => readonly Normalized[];
/** An item, where it stands and what reads it. */
export type Item = Placed & { readonly read: ItemReader };
/** Finds the items in the value of a change, one after the other: whoever has enough stops. */
export type FieldItems = (value: Json, path: string) => Iterable<Item>;

/** The elements of these lists, each read by its list's reader. A list is read in the order of this table, not of the body. */
export const listed = (readers: Readonly<Record<string, ItemReader>>): FieldItems =>
  function* items(value, path) {
    for (const key in readers) {
      const read = readers[key];
      if (read && value[key] !== undefined)
        for (const { value: one, path: at } of placedOf(value[key], `${path}/${key}`)) yield { value: one, path: at, read };
    }
  };

/** The events of one item. What can't be read is kept as it is, and its neighbours are read all the same. */
export function itemEvents(change: Change, { value, path, read }: Item): readonly Normalized[] {
  const json = objectOf(value);
  if (!json) return [unrecognized(change, 'not_an_item', path, value)];
  try {
    return read(change, json, path);
  } catch {
    return [unrecognized(change, 'unreadable', path, value)];
  }
}
