/** Numbers that look like chance and are the same for the same seed. */
export type Random = {
  /** From 0 to `below` - 1. */
  int(below: number): number;
  chance(share: number): boolean;
  pick<One>(of: readonly One[]): One;
};

/** A source of its own for each name, so that what one draws moves no other. */
export function randomOf(seed: number, name: string): Random {
  let state = [...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), seed ^ 0x811c9dc5);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0; // mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    chance: (share) => next() < share,
    pick: (of) => {
      const one = of[int(of.length)];
      if (one === undefined) throw new RangeError('there is nothing to pick from');
      return one;
    },
  };
}
