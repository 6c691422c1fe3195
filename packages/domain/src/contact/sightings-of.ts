import { instantOf } from '../seconds.ts';
import type { ContactState } from './contact-view.ts';
import { writingsSince } from './writings.ts';

/** The person's own messages as far as they are kept, each once: when, and to which number of ours; null: into a group, or what opens no service window, such as
 *  an edit. */
export function sightingsOf({ kept }: ContactState): { readonly at: string; readonly phoneNumberId: string | null }[] {
  const all = [...writingsSince(kept, null)].map(({ on, at }) => ({ at: instantOf(at), phoneNumberId: on }));
  return [...new Map(all.map((one) => [`${one.at} ${one.phoneNumberId}`, one])).values()];
}
