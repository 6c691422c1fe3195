import type { IdentityState } from './identity-state.ts';
import { isBlocked, isHash, type Standing, standing } from './standing.ts';

/** What a send is judged by. */
type Known = { readonly blocked: boolean; readonly hashes: Standing['hashes'] };

/** Whether somebody has to decide first, and per number of ours every hash accepted or open, in any order: as `standing` has them, in a fraction of its time
 *  where nothing but hashes was said and nobody has decided, as of nearly everybody. */
export function knownHashes(state: IdentityState): Known {
  const plain = hashesAlone(state);
  if (plain !== null) return plain;
  const now = standing(state);
  return { blocked: isBlocked(now), hashes: now.hashes };
}

function hashesAlone({ seen, decisions }: IdentityState): Known | null {
  for (const _ in decisions) return null;
  const hashes = new Map<string, string[]>();
  let blocked = false;
  for (const key in seen) {
    const fact = seen[key];
    if (fact === undefined || !isHash(fact)) return null;
    const known = hashes.get(fact.on);
    if (known === undefined) hashes.set(fact.on, [fact.hash]);
    else if (!known.includes(fact.hash)) blocked = known.push(fact.hash) > 1;
  }
  return { blocked, hashes };
}
