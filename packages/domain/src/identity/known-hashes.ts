import type { IdentityState } from './identity-state.ts';
import { hashesAlone, isBlocked, isOneEach, type Standing, standing } from './standing.ts';

/** What a send is judged by. */
type Known = { readonly blocked: boolean; readonly hashes: Standing['hashes'] };

/** Whether somebody has to decide first, and per number of ours every hash accepted or open, in any order: as `standing` has them, in a fraction of its time
 *  where nothing but hashes was said and nobody has decided, as of nearly everybody. */
export function knownHashes(state: IdentityState): Known {
  const plain = hashesAlone(state);
  if (plain !== null) return { blocked: !isOneEach(plain), hashes: plain };
  const now = standing(state);
  return { blocked: isBlocked(now), hashes: now.hashes };
}
