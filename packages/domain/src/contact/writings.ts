import type { Identifier } from '../directory/identifier.ts';
import { atOf, type Kept, labelled } from './kept.ts';
import { label } from './label.ts';

/** That a person wrote or called: under which identifier, to which number of ours (null: none that opens a window), when. */
export type Writing = { readonly as: Identifier; readonly on: string | null; readonly at: number };

/** Whatever of a person is kept that is later than an instant; null: all of it. */
export function* writingsSince(kept: Kept, after: number | null): Generator<Writing> {
  const window = label.window('');
  for (const [as, one, entries] of labelled(kept)) {
    if (one !== label.seen && !one.startsWith(window)) continue;
    const on = one === label.seen ? null : one.slice(window.length);
    for (const at of entries.map(atOf)) if (after === null || at > after) yield { as, on, at };
  }
}

/** The latest of what is kept, or of what is later than an instant, the same whatever the order of what is kept. Undefined: there is none. */
export function lastWriting(kept: Kept, after: number | null = null): Writing | undefined {
  let last: Writing | undefined;
  for (const one of writingsSince(kept, after)) if (last === undefined || isLater(one, last)) last = one;
  return last;
}
const isLater = (a: Writing, b: Writing) => a.at > b.at || (a.at === b.at && `${a.as} ${a.on}` > `${b.as} ${b.on}`);
