import { DAY_MS, SECOND_MS } from '@keyturn/contracts';
import { identifierParts } from '../directory/identifier.ts';
import { instantOf } from '../seconds.ts';
import type { Told } from '../slice.ts';
import { type Blocks, blockNow } from './business-block.ts';
import type { Kept } from './kept.ts';
import { lastWriting, type Writing, writingsSince } from './writings.ts';

/** That a person blocked by choice wrote. */
export type WroteTold = Told & { readonly type: 'contact.blocked_person_wrote' };
type Blockable = { readonly kept: Kept; readonly blocks: Blocks };
const DAY_SECONDS = DAY_MS / SECOND_MS;
const dayOf = (at: number) => Math.floor(at / DAY_SECONDS);

/** Told for the first writing that comes in of each day (UTC), whatever its number, and however it comes to be known to be of a blocked person: so the
 *  order in which a day's messages come changes nothing, and a person who writes all day is one thing to hear of. */
export function blockedPersonWrote(before: Blockable, after: Blockable): WroteTold[] {
  const block = blockNow(after.blocks);
  if (block === undefined) return [];
  const was = blockNow(before.blocks) === undefined ? [] : [...writingsSince(before.kept, block.saw)];
  const known = new Set(was.map(({ at }) => dayOf(at)));
  const fresh = [...writingsSince(after.kept, block.saw)].filter(({ at }) => !known.has(dayOf(at)));
  const told = fresh.find(({ at }) => at === Math.max(...fresh.map((one) => one.at)));
  return told === undefined ? [] : [{ type: 'contact.blocked_person_wrote', fields: { wrote: shown(told) } }];
}

/** When the person last wrote since the block that counts; null: not since, or not blocked. */
export function wroteSince({ kept, blocks }: Blockable): number | null {
  const block = blockNow(blocks);
  return block === undefined ? null : (lastWriting(kept, block.saw)?.at ?? null);
}

const shown = ({ as, on, at }: Writing) => ({
  at: instantOf(at),
  identifier: identifierParts(as),
  phoneNumberId: on,
});
