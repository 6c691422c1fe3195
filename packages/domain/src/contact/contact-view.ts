import { type BusinessBlock, type ContactView, DAY_MS, SECOND_MS } from '@keyturn/contracts';
import { instantOf } from '../seconds.ts';
import { wroteSince } from './blocked-person-wrote.ts';
import { type Blocks, blockNow } from './business-block.ts';
import { countsNow, type HeldNow } from './held-now.ts';
import { atOf, type Entry, type Kept, type Labelled, labelled } from './kept.ts';
import { label } from './label.ts';

/** What the contact slice keeps of a contact. `held`: under which identifiers a window counts. `blocks`: those by choice that nobody lifted. */
export type ContactState = { readonly kept: Kept; readonly held: HeldNow | null; readonly blocks: Blocks };

/** How long after the person's message we may answer freely, from the message's own time
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026-11). */
const WINDOW_SECONDS = DAY_MS / SECOND_MS;

/** What is known of a contact by its messages. The same at every hour: a window is listed whether it ended or not, and readers compare. */
export function contactView({ kept, held, blocks }: ContactState): ContactView {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const all = labelled(kept);
  for (const [, , entries] of all) {
    for (const entry of entries) {
      first = Math.min(first, atOf(entry));
      last = Math.max(last, atOf(entry));
    }
  }
  const seen = last >= first;
  const businessBlock = businessBlockOf({ kept, blocks });
  return {
    profileName: newest(all, label.name('')),
    username: newest(all, label.username('')),
    firstSeenAt: seen ? instantOf(first) : null,
    lastSeenAt: seen ? instantOf(last) : null,
    serviceWindows: shownWindows(all, held),
    ...(businessBlock === undefined ? {} : { businessBlock }),
  };
}

/** Up to when each of our numbers may answer freely, ended or not. */
export const serviceWindows = ({ kept, held }: Pick<ContactState, 'kept' | 'held'>): ContactView['serviceWindows'] =>
  shownWindows(labelled(kept), held);
const shownWindows = (all: Labelled, held: HeldNow | null): ContactView['serviceWindows'] =>
  [...windows(all, held)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([phoneNumberId, opened]) => ({ phoneNumberId, endsAt: instantOf(opened + WINDOW_SECONDS) }));

/** The name of the view alone. */
export const profileNameOf = ({ kept }: Pick<ContactState, 'kept'>): string | null => newest(labelled(kept), label.name(''));

/** The block of the view alone. */
export function businessBlockOf({ kept, blocks }: Pick<ContactState, 'kept' | 'blocks'>): BusinessBlock | undefined {
  const block = blockNow(blocks);
  if (block === undefined) return undefined;
  const wrote = wroteSince({ kept, blocks });
  return { blockedAt: block.decidedAt, reason: block.reason, actor: block.actor, wroteAt: wrote === null ? null : instantOf(wrote) };
}

/** Whether both have the same view but for what moves with every message: the last sight, and when a window ends. */
export const sameLasting = (a: ContactState, b: ContactState): boolean => lasting(a) === lasting(b);
/** The view itself is not asked: formatting its instants took longer than deciding. */
const lasting = ({ kept, held }: ContactState): string => {
  const all = labelled(kept);
  let first = Number.POSITIVE_INFINITY;
  for (const [, , entries] of all) for (const entry of entries) first = Math.min(first, atOf(entry));
  return JSON.stringify([newest(all, label.name('')), newest(all, label.username('')), first, [...windows(all, held).keys()].sort()]);
};

function newest(all: Labelled, prefix: string): string | null {
  let best: { value: string; at: number } | null = null;
  for (const [, one, entries] of all) {
    if (!one.startsWith(prefix)) continue;
    const named = { value: one.slice(prefix.length), at: lastOf(entries) };
    if (best === null || isNewer(named, best)) best = named;
  }
  return best?.value ?? null;
}

/** When each of our numbers was last written to. A window is with the number that wrote: it does not go across a number change. */
function windows(all: Labelled, held: HeldNow | null): Map<string, number> {
  const prefix = label.window('');
  const opened = new Map<string, number>();
  for (const [as, one, entries] of all) {
    if (!one.startsWith(prefix)) continue;
    const last = lastOf(entries);
    if (!countsNow(held, as, last)) continue;
    const phoneNumberId = one.slice(prefix.length);
    opened.set(phoneNumberId, Math.max(last, opened.get(phoneNumberId) ?? last));
  }
  return opened;
}

const lastOf = (entries: readonly Entry[]): number =>
  entries.reduce<number>((last, entry) => Math.max(last, atOf(entry)), Number.NEGATIVE_INFINITY);
const isNewer = (a: { value: string; at: number }, b: { value: string; at: number }) => a.at > b.at || (a.at === b.at && a.value > b.value);
