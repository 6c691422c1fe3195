import type { BlockDecision } from '@keyturn/contracts';
import { apply, type Decision, skip } from '../decision.ts';
import type { Identifier } from '../directory/identifier.ts';
import type { Holding, Told, Whereabouts } from '../slice.ts';
import { holderAt, type Kept } from './kept.ts';
import { lastWriting } from './writings.ts';

/** Where a block is kept: with whoever held this identifier at this instant. */
export type Place = { readonly as: Identifier; readonly at: number };
/** A block that nobody has lifted. `saw`: up to when the person was known to have written when it was set; null: never. */
export type Block = Place & Omit<BlockDecision, 'decisionId'> & { readonly saw: number | null };
/** The blocks of a contact by decision. More than one only where contacts that were blocked became one. */
export type Blocks = Readonly<Record<string, Block>>;
/** What the contact slice tells of blocks. */
export type BlockTold = Told & { readonly type: 'contact.business_blocked' | 'contact.business_unblocked' };
type Blockable = { readonly kept: Kept; readonly blocks: Blocks };

/** The block that counts: the newest, in a total order. Undefined: not blocked by choice. */
export const blockNow = (blocks: Blocks): Block | undefined =>
  Object.entries(blocks)
    .toSorted(([a, one], [b, other]) => (one.decidedAt === other.decidedAt ? Number(a > b) : Number(one.decidedAt > other.decidedAt)) || -1)
    .at(-1)?.[1];

/** A head that was seen, from when to when. */
export type Seen = { readonly head: Identifier; readonly first: number; readonly last: number };
/** Where a contact's block is to be kept, so that it stays with the person we knew: under its number, else its ids, at the first instant at which it
 *  was seen so. Whatever is learned later of changes, mergers and splits divides there. The same for any order of what was seen. Null: the contact holds nothing. */
export function placeOf(holdings: readonly Holding[], seen: readonly Seen[]): Place | null {
  const places = holdings.flatMap(({ identifier, from, to }): Place[] => {
    const within = seen.filter(({ head, first, last }) => head === identifier && first < to && last >= from);
    return within.map(({ first }) => ({ as: identifier, at: Math.max(first, from) }));
  });
  const unseen = holdings.map(({ identifier, from, to }) => ({ as: identifier, at: [from, to - 1, 0].find(Number.isFinite) ?? 0 }));
  return (places.length > 0 ? places : unseen).toSorted(inOrder)[0] ?? null;
}
/** Numbers before ids: what an id means may still change with what is learned of its past. */
const inOrder = (a: Place, b: Place): number => {
  const [kindA, kindB] = [a.as[0] ?? '', b.as[0] ?? ''];
  return Number(kindA < kindB) - Number(kindA > kindB) || a.at - b.at || Number(a.as > b.as) || -1;
};

/** Blocked from now on. `blocked_already` for the same reason: nothing changes. Another reason takes the place of the one before. */
export function setBlock<State extends Blockable>(state: State, decision: BlockDecision, place: Place): Decision<State, BlockTold> {
  const now = blockNow(state.blocks);
  if (now?.reason === decision.reason && now.note === decision.note) return skip('blocked_already');
  const others = Object.entries(state.blocks).filter(([, { as, at }]) => as !== place.as || at !== place.at);
  const { decisionId, ...rest } = decision;
  const block: Block = { ...rest, ...place, saw: lastWriting(state.kept)?.at ?? null };
  const next = { ...state, blocks: { ...Object.fromEntries(others), [decisionId]: block } };
  return apply(next, { type: 'contact.business_blocked', fields: { decision } });
}

/** All of the contact's blocks are lifted; `not_blocked` where there is none. */
export function liftBlock<State extends Blockable>(state: State, decision: BlockDecision): Decision<State, BlockTold> {
  if (blockNow(state.blocks) === undefined) return skip('not_blocked');
  return apply({ ...state, blocks: {} }, { type: 'contact.business_unblocked', fields: { decision } });
}

/** Each block with whoever held its identifier at its instant; where the directory names nobody that was loaded, it stays. */
export function dealBlocks(all: ReadonlyMap<string, Blocks>, where: Pick<Whereabouts, 'periods'>): ReadonlyMap<string, Blocks> {
  const dealt = new Map<string, Blocks>([...all.keys()].map((contactId) => [contactId, {}]));
  for (const [contactId, own] of all) {
    for (const [decisionId, block] of Object.entries(own)) {
      const holder = holderAt(where, block.as, block.at);
      const joins = holder !== null && all.has(holder) ? holder : contactId;
      dealt.set(joins, { ...dealt.get(joins), [decisionId]: block });
    }
  }
  return dealt;
}

/** Whether both are the same blocks. A decision never changes, so their ids say it. */
export const sameBlocks = (a: Blocks, b: Blocks): boolean => {
  const [one, other] = [Object.keys(a), Object.keys(b)];
  return one.length === other.length && one.every((decisionId) => Object.hasOwn(b, decisionId));
};

/** What there is to tell where blocks came or went with a person. */
export function blockMoved(before: Blocks, after: Blocks): BlockTold[] {
  const [was, is] = [blockNow(before), blockNow(after)];
  if (was === undefined && is !== undefined) return [{ type: 'contact.business_blocked' }];
  return was !== undefined && is === undefined ? [{ type: 'contact.business_unblocked' }] : [];
}
