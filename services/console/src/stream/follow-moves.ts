import { type Database, type IdentityMove, identityMoves, type MovesLook } from '@keyturn/store';

/** More than these in one look are not told one by one. */
const MOVES_MAX = 500;
/** So many places before the newest may still be open when somebody begins to follow. */
const LATE_PLACES = 1_000n;

/** A transaction that stays open for so long that more than these are to be looked at again is not waited for. */
const TOLD_MAX = 10_000;

/** What one look found that was not told before; `tooMany`: more than is told one by one. */
export type Moved = { readonly moves: readonly IdentityMove[]; readonly tooMany: boolean; readonly newest: bigint };
/** All up to `from` was told; of what is after it, `told`. `looks`: those whose transactions may not all be over. */
type Following = { readonly from: bigint; readonly told: ReadonlySet<bigint>; readonly looks: readonly MovesLook[] };

/** Answers a function that looks for what moved since it was last called, each move once and none left out, though places in the journal are given before
 *  they commit: it looks again from the last place up to which every transaction is over. The first look only notes where to begin. */
export function followMoves(pool: Database['pool']): () => Promise<Moved> {
  let following: Following | null = null;
  return async () => {
    if (following === null) {
      const begun = await begin(pool);
      following = begun.following;
      return { moves: [], tooMany: false, newest: begun.newest };
    }
    const most = MOVES_MAX + following.told.size;
    const look = await identityMoves(pool, following.from, most);
    if (look.moves.length === most || most > TOLD_MAX) {
      const begun = await begin(pool);
      following = begun.following;
      return { moves: [], tooMany: true, newest: begun.newest };
    }
    const { told } = following;
    following = after(following, look);
    return { moves: look.moves.filter(({ place }) => !told.has(place)), tooMany: false, newest: look.newest };
  };
}

async function begin(pool: Database['pool']): Promise<{ following: Following; newest: bigint }> {
  const { newest } = await identityMoves(pool, 0n, 0);
  const from = newest > LATE_PLACES ? newest - LATE_PLACES : 0n;
  const look = await identityMoves(pool, from, Number(LATE_PLACES) + MOVES_MAX);
  return { following: { from, told: placesOf(look), looks: [look] }, newest: look.newest };
}

/** Where to look from next, now that this look was told. */
function after({ from, told, looks }: Following, look: MovesLook): Following {
  const over = looks.filter(({ begunBefore }) => begunBefore <= look.settledBefore);
  const next = over.at(-1)?.newest ?? from;
  const known = new Set([...told, ...placesOf(look)].filter((place) => place > next));
  return { from: next, told: known, looks: [...looks.slice(over.length), look] };
}

const placesOf = ({ moves }: MovesLook): Set<bigint> => new Set(moves.map(({ place }) => place));
