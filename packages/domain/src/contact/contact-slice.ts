import { type ContactView, isVoid, type MessageReceived } from '@keyturn/contracts';
import { apply, type Decision, skip, touch } from '../decision.ts';
import type { Resolved, Slice, Stored, Told, Whereabouts } from '../slice.ts';
import { type ContactState, contactView, label } from './contact-view.ts';
import { heldNow, sameHeld } from './held-now.ts';
import { atOf, dealOut, type Kept, keep, sameKept } from './kept.ts';

/** What this slice tells: that the view changed. */
export type ContactTold = Told & { readonly type: 'contact.updated' };
type ContactDecision = Decision<ContactState, ContactTold>;
const updated: ContactTold = { type: 'contact.updated' };

/** Names, first and last sight, and the service window on each of our numbers. Any order and any repeats of messages give the same view. */
export const contactSlice: Slice<ContactState, ContactView, ContactTold> = {
  name: 'contact',
  empty: { kept: {}, held: null },
  view: contactView,
  decide: ({ state }, input) => (input.type === 'message.received' ? sight(state, input) : skip('not_a_message')),
  regroup: regroupContacts,
};

/** Told is what is new; a later sighting and a longer window are not. */
function sight(state: ContactState, message: Resolved<MessageReceived>): ContactDecision {
  if (isVoid(message)) return skip('flagged');
  if (message.messageType === 'system') return skip('not_a_message'); // the platform speaks, not the person
  const kept = labelsOf(message).reduce((sofar, one) => keepLabel(sofar, message, one), state.kept);
  if (kept === state.kept) return skip('seen_before');
  const next = { ...state, kept };
  return lasting(contactView(state)) === lasting(contactView(next)) ? touch(next) : apply(next, updated);
}

/** An edit and a revocation are no new message; whatever else the person sends to us alone opens the window, a reaction too. */
const opensNoWindow: readonly string[] = ['edit', 'revoke'];
function labelsOf({ groupId, messageType, phoneNumberId, profileName, username }: MessageReceived): readonly string[] {
  const [name, handle] = [storable(profileName), storable(username).replace(/^@+/, '')];
  return [
    groupId !== undefined || opensNoWindow.includes(messageType) ? label.seen : label.window(phoneNumberId),
    ...(name === '' ? [] : [label.name(name)]),
    ...(handle === '' ? [] : [label.username(handle)]), // with and without @ in the platform's own samples
  ];
}

/** How many names of each kind an identifier keeps, the newest: whoever changes it with every message grows nothing. */
const NAMES_MAX = 8;
function keepLabel(kept: Kept, { as, at }: Resolved<MessageReceived>, one: string): Kept {
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

/** The view without what moves with every message. */
const lasting = ({ lastSeenAt: _, serviceWindows, ...rest }: ContactView): string =>
  JSON.stringify([rest, serviceWindows.map(({ phoneNumberId }) => phoneNumberId)]);

/** The directory tells identifiers and mergers on this very topic, so here only a changed view is told; a merged contact's is not. */
function regroupContacts(stored: ReadonlyMap<string, Stored<ContactState>>, where: Whereabouts): ReadonlyMap<string, ContactDecision> {
  const dealt = dealOut(new Map([...stored].map(([contactId, { state }]) => [contactId, state.kept])), where);
  return new Map([...stored].map(([contactId, { state }]) => [contactId, follow(contactId, state)]));

  function follow(contactId: string, state: ContactState): ContactDecision {
    const who = where.who.get(contactId);
    const next = { kept: dealt.get(contactId) ?? state.kept, held: who ? heldNow(who) : state.held };
    if (sameKept(state.kept, next.kept) && sameHeld(state.held, next.held)) return skip('nothing_moved');
    const sameView = JSON.stringify(contactView(state)) === JSON.stringify(contactView(next));
    return sameView || who?.mergedInto ? touch(next) : apply(next, updated);
  }
}
