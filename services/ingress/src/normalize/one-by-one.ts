import type { Json } from '../payload/json.ts';
import { objectOf, type Placed } from '../payload/json.ts';
import type { Change, Normalized } from './normalized.ts';
import { unrecognized } from './unrecognized.ts';

/** What can't be read is kept as it is, and its neighbours are read all the same. */
export function oneByOne(
  change: Change,
  item: Placed,
  events: (change: Change, json: Json, path: string) => readonly Normalized[],
): readonly Normalized[] {
  const json = objectOf(item.value);
  if (!json) return [unrecognized(change, 'not_an_item', item.path, item.value)];
  try {
    return events(change, json, item.path);
  } catch {
    return [unrecognized(change, 'unreadable', item.path, item.value)];
  }
}
