import { type ContactView, DAY_MS, SECOND_MS } from '@keyturn/contracts';
import { countsNow, type HeldNow } from './held-now.ts';
import { atOf, type Entry, type Kept, labelled } from './kept.ts';

/** What the contact slice keeps of a contact. `held`: under which identifiers a window counts. */
export type ContactState = { readonly kept: Kept; readonly held: HeldNow | null };

/** The labels of what is kept. Each message is under exactly one of `seen` and `window:`, and each name under its own. */
export const label = {
  seen: 'seen',
  window: (phoneNumberId: string) => `window:${phoneNumberId}`,
  name: (value: string) => `name:${value}`,
  username: (value: string) => `username:${value}`,
};

/** How long after the person's message we may answer freely, from the message's own time
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026-11). */
const WINDOW_SECONDS = DAY_MS / SECOND_MS;

/** ISO 8601 of whole seconds since 1970. */
export const instantOf = (at: number): string => new Date(at * SECOND_MS).toISOString();

/** What is known of a contact by its messages. The same at every hour: a window is listed whether it ended or not, and readers compare. */
export function contactView({ kept, held }: ContactState): ContactView {
  const all = [...labelled(kept)];
  const sightings = all.flatMap(([, , entries]) => entries.map(atOf));
  const newest = (prefix: string) =>
    all
      .filter(([, one]) => one.startsWith(prefix))
      .map(([, one, entries]) => ({ value: one.slice(prefix.length), at: lastOf(entries) }))
      .reduce<{ value: string; at: number } | null>((best, one) => (best === null || isNewer(one, best) ? one : best), null)?.value ?? null;
  return {
    profileName: newest(label.name('')),
    username: newest(label.username('')),
    firstSeenAt: sightings.length > 0 ? instantOf(Math.min(...sightings)) : null,
    lastSeenAt: sightings.length > 0 ? instantOf(Math.max(...sightings)) : null,
    serviceWindows: serviceWindows(kept, held),
  };
}

/** A window is with the number that wrote: it does not go across a number change. */
function serviceWindows(kept: Kept, held: HeldNow | null): ContactView['serviceWindows'] {
  const prefix = label.window('');
  const opened = new Map<string, number>();
  for (const [as, one, entries] of labelled(kept)) {
    const last = lastOf(entries);
    if (!one.startsWith(prefix) || !countsNow(held, as, last)) continue;
    const phoneNumberId = one.slice(prefix.length);
    opened.set(phoneNumberId, Math.max(last, opened.get(phoneNumberId) ?? last));
  }
  return [...opened]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([phoneNumberId, last]) => ({ phoneNumberId, endsAt: instantOf(last + WINDOW_SECONDS) }));
}

const lastOf = (entries: readonly Entry[]): number => Math.max(...entries.map(atOf));
const isNewer = (a: { value: string; at: number }, b: { value: string; at: number }) => a.at > b.at || (a.at === b.at && a.value > b.value);
