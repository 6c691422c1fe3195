import { SECOND_MS } from '@keyturn/contracts';
import { consentSlice } from '../consent/consent-slice.ts';
import { type ConsentState, consentStatuses } from '../consent/consent-view.ts';
import { contactSlice } from '../contact/contact-slice.ts';
import { type ContactState, serviceWindows } from '../contact/contact-view.ts';
import { type HeldNow, heldNow, sameHeld } from '../contact/held-now.ts';
import { factKey, type IdentityState, nothingSeen } from '../identity/identity-state.ts';
import { knownHashes } from '../identity/known-hashes.ts';
import { type Stored, sameHoldings, type Who } from '../slice.ts';
import type { GateContact, SentLately } from './gate-state.ts';

type Told<State> = Omit<Stored<State>, 'mergedInto'>;
/** What is stored of a contact in every slice, by one look; null: the slice never heard of it. */
export type StoredContact = {
  readonly who: Pick<Who, 'contactId' | 'holdings' | 'signals'>;
  /** Without what was said (`kept`) where neither a service window nor `failedAt` is asked about. */
  readonly contact: Pick<Stored<ContactState>, 'state'> | null;
  readonly identity: Told<IdentityState> | null;
  readonly consent: Told<ConsentState> | null;
  /** When the platform last could not bring a message, unless it brought one since; whole seconds. Null: never. */
  readonly failedAt?: number | null;
  /** Null: nobody asked. */
  readonly sent?: SentLately | null;
};

/** What the gate asks of a contact, from what is stored of it. */
export function gateContact({ who, contact, identity, consent, failedAt = null, sent = null }: StoredContact): GateContact {
  const state = identity?.state ?? nothingSeen;
  const { blocked, hashes } = knownHashes(state);
  const said = contact?.state ?? contactSlice.empty;
  const held = heldNow(who);
  return {
    contactId: who.contactId,
    followed: knowsSignals(state, who) && holds(identity, who) && holds(consent, who) && counts(contact, held) && counts(consent, held),
    identity: { blocked, hashes, awaits: (on) => (hashes.get(on)?.length ?? 0) === 0 && acceptedUnknown(state, on) },
    consent: consentStatuses(consent?.state ?? consentSlice.empty),
    serviceWindows: serviceWindows(said),
    businessBlocked: Object.keys(said.blocks).length > 0,
    unreachable: failedAt !== null && !wroteSince(said, failedAt),
    ...(sent === null ? {} : { sent }),
  };
}

function wroteSince(state: ContactState, failedAt: number): boolean {
  const { lastSeenAt } = contactSlice.view(state, 0);
  return lastSeenAt !== null && Date.parse(lastSeenAt) >= failedAt * SECOND_MS;
}

/** A slice that told nothing of a contact yet has nothing to bring along; what comes to it from another contact it tells. */
const holds = (stored: Told<unknown> | null, { holdings }: Pick<Who, 'holdings'>): boolean =>
  stored === null || stored.version === 0 || sameHoldings(stored.holdings, holdings);

/** Whether windows and opt-ins count under the identifiers that the contact holds now. */
const counts = (stored: Pick<Stored<ContactState | ConsentState>, 'state'> | null, held: HeldNow | null): boolean =>
  stored === null || sameHeld(stored.state.held, held);

/** Identity keeps the directory's whole set, covered or not. */
const knowsSignals = ({ seen }: IdentityState, { signals }: Pick<Who, 'signals'>): boolean =>
  signals.every(({ signal, at }) => Object.hasOwn(seen, factKey({ as: null, on: '', at, signal })));

/** A decision on signals of the directory alone names no number of ours: then none has a hash. */
const acceptedUnknown = ({ decisions }: IdentityState, on: string): boolean =>
  Object.values(decisions).some(
    ({ accepted }) => (Object.hasOwn(accepted, on) && accepted[on] === null) || Object.values(accepted).every((hash) => hash === null),
  );
