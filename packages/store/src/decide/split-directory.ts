import type { Carried, Identifier } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { holdersNow, type ScopedPoint } from '../directory/holders-now.ts';
import { lockScopes } from '../directory/read-components.ts';
import { type Split, splitContact } from '../directory/split-contact.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { changedMeanwhile } from './decision-parts.ts';

/** Who keeps what was before, and who has the number from the split on. Where nothing is known from before, both are the contact itself. */
export type Sides = { readonly old: string; readonly new: string };
/** What is taken from a contact, from when on. */
export type Splitting = Omit<Split, 'carried'> & { readonly contactId: string; readonly identifiers: Carried };

/** Splits the directory, and says who is who. Null: what would be given away is somebody else's, so nothing was. An id is pinned to the instant it
 *  was first needed for: where that is not before the split, as when the older messages came last, it goes with the new person, and the old one
 *  has another. */
export async function splitDirectory(tx: Tx, { contactId, identifiers, ...split }: Splitting): Promise<Sides | null> {
  const { scope, at } = split;
  await lockScopes(tx, [scope]);
  const was = await pointsBefore(tx, scope, contactId, at);
  const [holder] = await holdersNow(tx, [{ scope, identifier: identifiers[0], at }]);
  if (holder !== contactId && holder !== null) return null;
  const kept = await stayedWith(tx, scope, identifiers[0], at);
  const carried: Carried = [...identifiers, ...kept.filter((identifier) => !identifiers.includes(identifier))];
  const after = await splitContact(tx, { ...split, carried });
  if (after.newContactId !== contactId) return { old: contactId, new: after.newContactId };
  const stayed = (await holdersNow(tx, was)).find((other) => other !== null && other !== contactId);
  return { old: stayed ?? contactId, new: contactId };
}

/** Where a contact was known until an instant, its numbers first: under another number, too, if it came to this one by a change. Throws `store.conflict` where
 *  it is in another scope by now. */
async function pointsBefore(tx: Tx, scope: string, contactId: string, at: number): Promise<ScopedPoint[]> {
  const who = (await whoAre(tx, [contactId])).get(contactId);
  if (who?.scope !== scope) throw changedMeanwhile(); // moved along with its WABA
  const earlier = who.holdings.filter(({ from }) => from < at);
  const points = earlier.map(({ identifier, to }) => ({ scope, identifier, at: Math.min(to, at) - 1 }));
  return points.toSorted((a, b) => Number(b.identifier.startsWith('w:')) - Number(a.identifier.startsWith('w:')));
}

/** The BSUIDs that came with a number both before and since: unnamed, each would be two persons', and speak against both. One that only came since
 *  is the new person's own, with its past. */
async function stayedWith(tx: Tx, scope: string, head: Identifier, at: number): Promise<Identifier[]> {
  const { rows } = await tx.query<{ identifier: Identifier }>({
    name: 'directory.stayed_with',
    text: `select identifier from directory_link
           where scope = $1 and head = $2 and identifier <> head and first < to_timestamp($3::float8) and last >= to_timestamp($3::float8)
           order by identifier desc`,
    values: [scope, head, at],
  });
  return rows.map(({ identifier }) => identifier);
}
