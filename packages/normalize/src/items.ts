import type { Change, Normalized } from './normalized.ts';
import { type Json, objectOf, type Placed } from './payload/json.ts';
import { unrecognized } from './unrecognized.ts';

/** Reads one item: at least one event of it, whatever it is. */
export type ItemReader = (change: Change, json: Json, path: string) => readonly Normalized[];
/** Something to read: an item of a change, or all that stands beside its items. */
export type Step = Placed & { readonly change: Change; readonly read: ItemReader };
/** Adds a step for each item in the value of a change, and stops when they are too many. */
export type FieldItems = (steps: Step[], change: Change, value: Json, path: string) => void;

/** Twenty times what the platform announces for one body (1,000), so that no body can become more events than memory holds. */
const STEPS_MAX = 20_000;
/** Whether no body may have more steps than these. */
export const isFull = (steps: readonly Step[]): boolean => steps.length > STEPS_MAX;

/** A step for each element of a list; a lone value where a list was due counts as its only element, a missing one as none. */
export function addEach(steps: Step[], change: Change, list: unknown, path: string, read: ItemReader): void {
  if (!Array.isArray(list)) {
    if (list !== undefined && list !== null) steps.push({ change, value: list, path, read });
    return;
  }
  for (let index = 0; index < list.length && !isFull(steps); index += 1) {
    steps.push({ change, value: list[index], path: `${path}/${index}`, read });
  }
}

/** The elements of these lists, each read by its list's reader. A list is read in the order of this table, not of the body. */
export function listed(readers: Readonly<Record<string, ItemReader>>): FieldItems {
  const entries = Object.entries(readers);
  return (steps, change, value, path) => {
    for (const [key, read] of entries) if (value[key] !== undefined) addEach(steps, change, value[key], `${path}/${key}`, read);
  };
}

/** The events of one step. What can't be read is kept as it is, and its neighbours are read all the same. */
export function stepEvents({ change, value, path, read }: Step): readonly Normalized[] {
  const json = objectOf(value);
  if (!json) return [unrecognized(change, 'not_an_item', path, value)];
  try {
    return read(change, json, path);
  } catch {
    return [unrecognized(change, 'unreadable', path, value)];
  }
}
