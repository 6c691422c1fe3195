import type { IdentityChangeJson } from '@keyturn/contracts';

/** A row of the queue as it is shown: `isGone` once nobody waits for it any more. */
export type ShownChange = { readonly change: IdentityChangeJson; readonly isGone: boolean };

/** What is shown once the list was read anew: every row stays where it was, as it is now or gone, and what is new comes after. So no row moves away
 *  under a finger. `isWhole`: the read went to the end of the list; else what sorts after its last row was not looked for. */
export function mergeShown(shown: readonly ShownChange[], read: readonly IdentityChangeJson[], isWhole: boolean): ShownChange[] {
  const now = new Map(read.map((change) => [change.contactId, change]));
  const known = new Set(shown.map(({ change }) => change.contactId));
  const end = isWhole ? null : placeOf(read.at(-1));
  const stayed = shown.map(({ change, isGone }) => {
    const present = now.get(change.contactId);
    if (present !== undefined) return { change: present, isGone: false };
    return { change, isGone: isGone || end === null || placeOf(change) <= end };
  });
  return [...stayed, ...read.filter(({ contactId }) => !known.has(contactId)).map((change) => ({ change, isGone: false }))];
}

/** Where a row stands in the order of the queue. */
const placeOf = (change: IdentityChangeJson | undefined): string => (change === undefined ? '' : `${change.since} ${change.contactId}`);
