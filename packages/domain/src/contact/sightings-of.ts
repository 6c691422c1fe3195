import type { ContactState } from './contact-view.ts';
import { instantOf } from './contact-view.ts';
import { atOf, labelled } from './kept.ts';
import { label } from './label.ts';

/** The person's own messages as far as they are kept, each once: when, and to which number of ours; null: into a group, or what opens no service window, such as
 *  an edit. */
export function sightingsOf({ kept }: ContactState): { readonly at: string; readonly phoneNumberId: string | null }[] {
  const window = label.window('');
  const all = labelled(kept).flatMap(([, name, entries]) => {
    if (name !== label.seen && !name.startsWith(window)) return [];
    const phoneNumberId = name === label.seen ? null : name.slice(window.length);
    return entries.map((entry) => ({ at: instantOf(atOf(entry)), phoneNumberId }));
  });
  return [...new Map(all.map((one) => [`${one.at} ${one.phoneNumberId}`, one])).values()];
}
