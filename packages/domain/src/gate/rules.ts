import { type ConsentCategory, type GateCode, HOUR_MS } from '@keyturn/contracts';
import type { GateContact, GateState, OwnNumber } from './gate-state.ts';
import type { FrequencyCap } from './policy.ts';
import type { Send } from './send.ts';

/** All that a rule may ask. `state` null: it could not be read. */
export type Asked = {
  readonly send: Send;
  readonly category: ConsentCategory;
  /** On this category, from this number of ours; null: there is none. */
  readonly cap: FrequencyCap | null;
  readonly state: GateState | null;
  /** Whether `to` can be another number, with our country code before it. */
  mayBeHome(): boolean;
  /** Whoever may be meant, each once. */
  readonly contacts: readonly GateContact[];
  /** How far behind the state may be, in milliseconds. */
  readonly ageMaxMs: number;
  /** Unix milliseconds. */
  readonly now: number;
};
/** `against`: the rule speaks against the send. `unanswered`: nothing tells about it yet. */
type Finding = 'against' | 'fine' | 'unanswered';
type Rule = (asked: Asked) => Finding;

const against = (is: boolean): Finding => (is ? 'against' : 'fine');
const ofNumber =
  (find: (number: OwnNumber, asked: Asked) => boolean | 'unanswered'): Rule =>
  (asked) => {
    if (asked.state === null) return 'fine';
    const found = asked.state.number === null ? 'unanswered' : find(asked.state.number, asked);
    return found === 'unanswered' ? found : against(found);
  };
const anybody =
  (is: (contact: GateContact, asked: Asked) => boolean): Rule =>
  (asked) => {
    for (const contact of asked.contacts) if (is(contact, asked)) return 'against';
    return 'fine';
  };
const namesOf = (contacts: readonly GateContact[]) =>
  contacts
    .map(({ contactId }) => contactId)
    .sort()
    .join();

const rules: Readonly<Record<GateCode, Rule>> = {
  state_unreadable: ({ state }) => against(state === null),
  state_not_current: ({ state, ageMaxMs }) => against(state !== null && !(state.ageMs <= ageMaxMs)),
  contact_changing: anybody(({ followed }) => !followed),
  group_recipient: ({ send }) => against(send.group),
  two_contacts: ({ send, state }) => {
    if (state === null || send.to === null) return 'fine';
    const { byTo, byRecipient, byHome } = state;
    const isOthersAtHome = byTo.length > 0 && byHome.length > 0 && namesOf(byTo) !== namesOf(byHome);
    return against(isOthersAtHome || (send.recipient !== null && namesOf(byTo) !== namesOf(byRecipient)));
  },
  // The hash that goes along has the platform itself refuse to deliver to anybody else.
  number_ambiguous: ({ send, state, mayBeHome }) =>
    against(
      state !== null &&
        state.byHome.length === 0 &&
        state.byTo.some(({ identity }) => !identity.blocked && hashOn(identity, send.phoneNumberId) === null) &&
        mayBeHome(),
    ),
  contact_unknown: ({ send, state }) => {
    if (state === null || send.group) return 'fine';
    return against((send.to !== null && state.byTo.length === 0) || (send.recipient !== null && state.byRecipient.length === 0));
  },
  identity_blocked: anybody(({ identity }) => identity.blocked),
  identity_unproven: anybody(({ identity }, { send }) => !identity.blocked && hashOn(identity, send.phoneNumberId) === null),
  identity_unchecked: ofNumber(({ identityCheck }) => (identityCheck === 'unknown' ? 'unanswered' : identityCheck === 'off')),
  identity_hash_awaited: anybody(({ identity }, { send }) => identity.awaits(send.phoneNumberId)),
  identity_hash_differs: anybody(({ identity }, { send }) => send.identityKeyHash !== null && differs(identity, send)),
  blocked_by_choice: anybody(({ businessBlocked }) => businessBlocked),
  opted_out: anybody(({ consent }, { category }) => consent[category].status === 'opted_out'),
  no_opt_in: anybody(({ consent }, { category }) => consent[category].status === 'none'),
  window_closed: anybody((contact, asked) => asked.category === 'service' && !windowOpen(contact, asked)),
  // A BSUID takes none with a one-tap, zero-tap or copy-code button, which is every authentication template
  // (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids, read 2026-06); where both are named `to` wins.
  bsuid_forbidden: ({ send, category }) => against(category === 'authentication' && send.to === null && send.recipient !== null),
  number_unreachable: anybody(({ unreachable }) => unreachable === true),
  number_restricted: ofNumber(
    ({ disconnected, restricted, flagged }, { category }) => disconnected || restricted || (flagged && category === 'marketing'),
  ),
  frequency_cap: anybody(
    ({ sent }, { send, category, cap, now }) => cap !== null && !send.counted && sentWithin(sent?.[category] ?? [], cap, now) >= cap.max,
  ),
};

const sentWithin = (sent: readonly number[], { withinHours }: FrequencyCap, now: number): number =>
  sent.filter((at) => at > now - withinHours * HOUR_MS).length;

/** What a rule finds. */
export const find = (code: GateCode, asked: Asked): Finding => rules[code](asked);

/** The one hash known for a person and a number of ours; null: none, or more than one was accepted. */
export function hashOn({ hashes }: GateContact['identity'], phoneNumberId: string): string | null {
  const known = hashes.get(phoneNumberId);
  return known?.length === 1 ? (known[0] ?? null) : null;
}

function differs(identity: GateContact['identity'], { phoneNumberId, identityKeyHash }: Send): boolean {
  const known = hashOn(identity, phoneNumberId);
  return known !== null && known !== identityKeyHash;
}

const windowOpen = ({ serviceWindows }: GateContact, { send, now }: Asked): boolean =>
  serviceWindows.some(({ phoneNumberId, endsAt }) => phoneNumberId === send.phoneNumberId && Date.parse(endsAt) > now);
