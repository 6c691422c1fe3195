import { type CallReported, type ContactView, type MessageReceived, silenceOf } from '@keyturn/contracts';
import { apply, type Decision, skip, touch } from '../decision.ts';
import type { Resolved, Slice, Stored, Told, Whereabouts } from '../slice.ts';
import { blockedPersonWrote, type WroteTold } from './blocked-person-wrote.ts';
import { type BlockTold, blockMoved, dealBlocks, sameBlocks } from './business-block.ts';
import { type ContactState, contactView, sameLasting } from './contact-view.ts';
import { heldNow, sameHeld } from './held-now.ts';
import { atOf, dealOut, type Kept, keep, sameKept } from './kept.ts';
import { label } from './label.ts';
import { isPersonsCall } from './persons-call.ts';

/** What this slice tells: that the view changed, that a block by choice came or went, that somebody blocked wrote. */
export type ContactTold = (Told & { readonly type: 'contact.updated' }) | BlockTold | WroteTold;
type ContactDecision = Decision<ContactState, ContactTold>;
const updated: ContactTold = { type: 'contact.updated' };

/** Names, first and last sight, the service window on each of our numbers, and blocks by choice. Any order and any repeats of messages give the same view. */
export const contactSlice: Slice<ContactState, ContactView, ContactTold> = {
  name: 'contact',
  empty: { kept: {}, held: null, blocks: {} },
  view: contactView,
  idle: (input) => {
    const sighting = sightingIn(input);
    return typeof sighting === 'string' ? sighting : null;
  },
  decide: ({ state }, input) => {
    const sighting = sightingIn(input);
    return typeof sighting === 'string' ? skip(sighting) : sight(state, sighting);
  },
  regroup: regroupContacts,
};

type Sighting = Resolved<MessageReceived> | Resolved<CallReported>;
/** The input, where the person shows in it; else why they don't. */
function sightingIn(input: Resolved): Sighting | string {
  const silence = silenceOf(input);
  if (silence) return silence;
  if (input.type === 'call.reported') return isPersonsCall(input) ? input : 'not_a_call_of_theirs';
  if (input.type !== 'message.received' || input.messageType === 'system') return 'not_a_message'; // there the platform speaks
  return input;
}

/** Told is what is new; a later sighting and a longer window are not, unless somebody blocked wrote. */
function sight(state: ContactState, seen: Sighting): ContactDecision {
  const kept = labelsOf(seen).reduce((sofar, one) => keepLabel(sofar, seen, one), state.kept);
  if (kept === state.kept) return skip('seen_before');
  const next = { ...state, kept };
  const told = [...(sameLasting(state, next) ? [] : [updated]), ...blockedPersonWrote(state, next)];
  return told.length === 0 ? touch(next) : apply(next, ...told);
}

/** An edit and a revocation are no new message; whatever else the person sends to us alone opens the window, a reaction and a call too. */
const opensNoWindow: readonly string[] = ['edit', 'revoke'];
function labelsOf(seen: Sighting): readonly string[] {
  const [name, handle] = [storable(seen.profileName), storable(seen.username).replace(/^@+/, '')];
  const noWindow = seen.type === 'message.received' && (seen.groupId !== undefined || opensNoWindow.includes(seen.messageType));
  return [
    noWindow ? label.seen : label.window(seen.phoneNumberId),
    ...(name === '' ? [] : [label.name(name)]),
    ...(handle === '' ? [] : [label.username(handle)]), // with and without @ in the platform's own samples
  ];
}

/** How many names of each kind an identifier keeps, the newest: whoever changes it with every message grows nothing. */
const NAMES_MAX = 8;
function keepLabel(kept: Kept, { as, at }: Sighting, one: string): Kept {
  const labels = kept[as] ?? {};
  const prefix = [label.name(''), label.username('')].find((start) => one.startsWith(start));
  if (prefix === undefined || labels[one]) return keep(kept, as, one, at);
  const others = Object.entries(labels)
    .filter(([other]) => other.startsWith(prefix))
    .map(([other, entries]) => ({ other, last: Math.max(...entries.map(atOf)) }))
    .sort((a, b) => b.last - a.last || (a.other > b.other ? -1 : 1));
  const newer = others.filter(({ other, last }) => last > at || (last === at && other > one));
  if (newer.length >= NAMES_MAX) return kept;
  const over = new Set(others.slice(NAMES_MAX - 1).map(({ other }) => other));
  return keep({ ...kept, [as]: Object.fromEntries(Object.entries(labels).filter(([other]) => !over.has(other))) }, as, one, at);
}

/** PostgreSQL keeps neither NUL nor half a surrogate pair in jsonb: a name must not take the person's other facts along. */
const storable = (text = ''): string => text.replaceAll('\u0000', '').toWellFormed().trim();

/** The directory tells identifiers and mergers on this very topic, so here only a changed view is told; a merged contact's is not. */
function regroupContacts(stored: ReadonlyMap<string, Stored<ContactState>>, where: Whereabouts): ReadonlyMap<string, ContactDecision> {
  const dealt = dealOut(new Map([...stored].map(([contactId, { state }]) => [contactId, state.kept])), where);
  const blocks = dealBlocks(new Map([...stored].map(([contactId, { state }]) => [contactId, state.blocks])), where);
  return new Map([...stored].map(([contactId, { state }]) => [contactId, follow(contactId, state)]));

  function follow(contactId: string, state: ContactState): ContactDecision {
    const who = where.who.get(contactId);
    const held = who ? heldNow(who) : state.held;
    const next = { kept: dealt.get(contactId) ?? state.kept, held, blocks: blocks.get(contactId) ?? state.blocks };
    const same = sameKept(state.kept, next.kept) && sameHeld(state.held, next.held) && sameBlocks(state.blocks, next.blocks);
    if (same) return skip('nothing_moved');
    const told = who?.mergedInto ? [] : toldOf(state, next);
    return told.length === 0 ? touch(next) : apply(next, ...told);
  }
}

/** What a move makes known of a contact. That a block came or went says all that changed with it. */
function toldOf(before: ContactState, after: ContactState): ContactTold[] {
  const moved = blockMoved(before.blocks, after.blocks);
  const sameView = JSON.stringify(contactView(before)) === JSON.stringify(contactView(after));
  return [...(moved.length > 0 || sameView ? moved : [updated]), ...blockedPersonWrote(before, after)];
}
