import { ConsentCategory, type GateCode, gateCodes } from '@keyturn/contracts';
import type { GateContact, GateState } from './gate-state.ts';
import { capOf, type GatePolicy, modeOf, ownCountryCode } from './policy.ts';
import { type Asked, find, hashOn } from './rules.ts';
import { possibleAtHome, type Send } from './send.ts';

/** The gate's answer: allowed where no enforced rule is against it. */
export type GateDecision = {
  readonly decision: 'allow' | 'deny';
  readonly reasons: readonly GateCode[];
  readonly shadowed: readonly GateCode[];
  readonly unanswered: readonly GateCode[];
  readonly contactId: string | null;
  readonly identityKeyHash: string | null;
  /** Under whom and what it counts, where it goes out; empty: nothing caps it. */
  readonly counts: readonly Count[];
};
/** One more of a category to a contact. `max` null: it is counted, and nothing is against it. */
export type Count = {
  readonly contactId: string;
  readonly category: ConsentCategory;
  readonly max: number | null;
  readonly withinHours: number;
};
type Settings = { readonly policy: GatePolicy; readonly ageMaxMs: number; readonly now: number };

const TEMPLATE_CATEGORIES = ConsentCategory.options.filter((one) => one !== 'service');

/** May this be sent? Every reason against it, not the first; null for a state that can't be read denies. A category that nobody knows has to be allowed as
 *  each that a template may have. */
export function decideSend(send: Send, state: GateState | null, { policy, ageMaxMs, now }: Settings): GateDecision {
  const contacts = membersOf(state);
  const code = ownCountryCode(policy, send.phoneNumberId, state?.number?.countryCode ?? null);
  const mayBeHome = () => send.to !== null && code !== null && possibleAtHome(send.to, code).length > 0;
  const askedAs = (category: ConsentCategory): Asked => {
    const cap = capOf(policy, send.phoneNumberId, category);
    return { send, category, cap, state, mayBeHome, contacts, ageMaxMs, now };
  };
  const asked = send.category === null ? TEMPLATE_CATEGORIES.map(askedAs) : [askedAs(send.category)];
  const { reasons, shadowed, unanswered } = heardOf(asked, policy);
  const one = contacts.length === 1 ? contacts[0] : undefined;
  return {
    decision: reasons.length === 0 ? 'allow' : 'deny',
    reasons,
    shadowed: shadowed.length === 0 ? shadowed : shadowed.filter((code) => !reasons.includes(code)),
    unanswered,
    contactId: one?.contactId ?? null,
    identityKeyHash: one === undefined ? null : hashOn(one.identity, send.phoneNumberId),
    counts: asked.flatMap((each) => countsOf(each, policy)),
  };
}

function countsOf({ send, category, cap, contacts }: Asked, policy: GatePolicy): Count[] {
  if (cap === null) return [];
  const mode = modeOf(policy, 'frequency_cap', send.phoneNumberId, category);
  if (mode === 'off') return [];
  return contacts.map(({ contactId }) => ({ contactId, category, max: mode === 'enforce' ? cap.max : null, withinHours: cap.withinHours }));
}

type Heard = 'reasons' | 'shadowed' | 'unanswered';
/** Each rule that is named for any of the categories, once, in their order. */
function heardOf(asked: readonly Asked[], policy: GatePolicy): Readonly<Record<Heard, readonly GateCode[]>> {
  const heard: Record<Heard, GateCode[]> = { reasons: [], shadowed: [], unanswered: [] };
  for (const code of gateCodes)
    for (const one of asked) {
      const where = hear(code, one, policy);
      if (where !== null && heard[where].at(-1) !== code) heard[where].push(code);
    }
  return heard;
}

/** Where the rule is named for one category; null: nowhere. */
function hear(code: GateCode, asked: Asked, policy: GatePolicy): Heard | null {
  const finding = find(code, asked);
  if (finding === 'fine') return null;
  const mode = modeOf(policy, code, asked.send.phoneNumberId, asked.category);
  if (mode === 'off') return null;
  if (finding === 'unanswered') return 'unanswered';
  return mode === 'enforce' ? 'reasons' : 'shadowed';
}

/** Whoever may be meant, each once; of nearly all sends one, found by `to` alone. */
function membersOf(state: GateState | null): readonly GateContact[] {
  if (state === null) return [];
  const { byTo, byRecipient, byHome } = state;
  if (byTo.length === 1 && byRecipient.length === 0 && byHome.length === 0) return byTo;
  return [...new Map([...byTo, ...byRecipient, ...byHome].map((contact) => [contact.contactId, contact])).values()];
}
