import type { ContactView, MessageReceived } from '@keyturn/contracts';
import { apply, type Decision, skip, touch } from '../decision.ts';
import type { Resolved, Slice, Stored, Told, Whereabouts } from '../slice.ts';
import { type ContactState, contactView, label } from './contact-view.ts';
import { heldNow, sameHeld } from './held-now.ts';
import { dealOut, keep, sameKept } from './kept.ts';

type ContactDecision = Decision<ContactState, Told>;
const updated: Told = { type: 'contact.updated' };

/** Names, first and last sight, and the service window on each of our numbers. Any order and any repeats of messages give the same view. */
export const contactSlice: Slice<ContactState, ContactView, Told> = {
  name: 'contact',
  empty: { kept: {}, held: null },
  view: contactView,
  decide: ({ state }, input) => (input.type === 'message.received' ? sight(state, input) : skip('not_a_message')),
  regroup: regroupContacts,
};

/** Told is what is new; a later sighting and a longer window are not. */
function sight(state: ContactState, message: Resolved<MessageReceived>): ContactDecision {
  if (message.flags?.length) return skip('flagged');
  if (message.messageType === 'system') return skip('not_a_message'); // the platform speaks, not the person
  const kept = labelsOf(message).reduce((sofar, one) => keep(sofar, message.as, one, message.at), state.kept);
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
