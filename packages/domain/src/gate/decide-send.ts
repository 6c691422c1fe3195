import { ConsentCategory, type GateCode, gateCodes } from '@keyturn/contracts';
import type { GateContact, GateState } from './gate-state.ts';
import { type GatePolicy, modeOf } from './policy.ts';
import { findings, hashOn } from './rules.ts';
import type { Send } from './send.ts';

/** The gate's answer: allowed where no enforced rule is against it. */
export type GateDecision = {
  readonly decision: 'allow' | 'deny';
  readonly reasons: readonly GateCode[];
  readonly shadowed: readonly GateCode[];
  readonly unanswered: readonly GateCode[];
  readonly contactId: string | null;
  readonly identityKeyHash: string | null;
};
type Settings = { readonly policy: GatePolicy; readonly ageMaxMs: number; readonly now: number };

/** May this be sent? Every reason against it, not the first; null for a state that can't be read denies. A category that nobody knows has to be allowed as
 *  each that a template may have. */
export function decideSend(send: Send, state: GateState | null, settings: Settings): GateDecision {
  const contacts = membersOf(state);
  const categories = send.category === null ? ConsentCategory.options.filter((one) => one !== 'service') : [send.category];
  const found = categories.flatMap((category) =>
    findings({ send, category, state, contacts, ageMaxMs: settings.ageMaxMs, now: settings.now }).map((one) => ({
      ...one,
      mode: modeOf(settings.policy, one.code, send.phoneNumberId, category),
    })),
  );
  const codes = (wanted: (one: (typeof found)[number]) => boolean) => {
    const named = new Set(found.filter(wanted).map(({ code }) => code));
    return gateCodes.filter((code) => named.has(code));
  };
  const reasons = codes(({ finding, mode }) => finding === 'against' && mode === 'enforce');
  const [only, ...others] = contacts;
  return {
    decision: reasons.length === 0 ? 'allow' : 'deny',
    reasons,
    shadowed: codes(({ finding, mode }) => finding === 'against' && mode === 'shadow').filter((code) => !reasons.includes(code)),
    unanswered: codes(({ finding, mode }) => finding === 'unanswered' && mode !== 'off'),
    contactId: only !== undefined && others.length === 0 ? only.contactId : null,
    identityKeyHash: only !== undefined && others.length === 0 ? hashOn(only.identity, send.phoneNumberId) : null,
  };
}

function membersOf(state: GateState | null): GateContact[] {
  const members = [...(state?.byTo ?? []), ...(state?.byRecipient ?? [])];
  return [...new Map(members.map((contact) => [contact.contactId, contact])).values()];
}
