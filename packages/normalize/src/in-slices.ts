import { setImmediate } from 'node:timers/promises';

/** How many are done in one go: a millisecond's worth or so. */
const SLICE = 64;

/** What each of them becomes, in their order, with a turn for everybody else after each few: a large body holds up nobody beside it. Few are done at
 *  once, as those of nearly all bodies are. */
export function inSlices<One, Other>(all: readonly One[], become: (one: One) => Other): Other[] | Promise<Other[]> {
  return all.length <= SLICE ? all.map((one) => become(one)) : oneSliceATime(all, become);
}

async function oneSliceATime<One, Other>(all: readonly One[], become: (one: One) => Other): Promise<Other[]> {
  const others: Other[] = [];
  for (let i = 0; i < all.length; i += 1) {
    if (i > 0 && i % SLICE === 0) await setImmediate();
    others.push(become(all[i] as One));
  }
  return others;
}
