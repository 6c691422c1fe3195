import { ConsentCategory, GateCode, PhoneNumberId } from '@keyturn/contracts';
import { z } from 'zod';

/** `enforce`: denies. `shadow`: is reported and denies nothing. `off`: is not asked. */
export const GateMode = z.enum(['enforce', 'shadow', 'off']);
export type GateMode = z.infer<typeof GateMode>;

/** Never to be switched off: without an answer to these there is nothing to judge. */
const fixed = ['state_unreadable', 'contact_changing', 'identity_hash_differs'] as const satisfies readonly GateCode[];
type Fixed = (typeof fixed)[number];
/** A rule whose mode is a matter of policy. */
export const GateRuleName = GateCode.exclude([...fixed]);
export type GateRuleName = Exclude<GateCode, Fixed>;

const Modes = z.partialRecord(GateRuleName, GateMode);
const ByCategory = z.partialRecord(ConsentCategory, Modes);
/** How many messages of ours that somebody has in mind are kept. */
export const CAP_MAX = 100;
/** How far back a cap can look. */
export const CAP_HOURS_MAX = 31 * 24;
/** So many messages of a category to one person within any so many hours, on all numbers of ours together. */
const FrequencyCap = z.strictObject({
  max: z.number().int().min(1).max(CAP_MAX),
  withinHours: z.number().positive().max(CAP_HOURS_MAX),
});
export type FrequencyCap = z.infer<typeof FrequencyCap>;
const Frequency = z.partialRecord(ConsentCategory, FrequencyCap);
const Overrides = z.strictObject({
  rules: Modes.default({}),
  categories: ByCategory.default({}),
  frequency: Frequency.default({}),
  /** Of the number, where its digits are not known. */
  countryCode: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'write the country code by its digits, as in "966"')
    .optional(),
});

/** The policy of a deployment. What is nearer wins: number and category, number, category, everywhere, what keyturn does by itself. */
export const GatePolicy = z.strictObject({
  rules: Modes.default({}),
  categories: ByCategory.default({}),
  phoneNumbers: z.record(PhoneNumberId, Overrides).default({}),
  /** Caps by category; a number's own win. */
  frequency: Frequency.default({}),
  /** The category of each template, by its name: a send names the template alone. */
  templates: z.record(z.string(), ConsentCategory.exclude(['service'])).default({}),
});
export type GatePolicy = z.infer<typeof GatePolicy>;

/** Nothing but what keyturn does by itself. */
export const defaultPolicy: GatePolicy = GatePolicy.parse({});

/** An answer to somebody who has just written is harmless while a consumer is a little behind, to whoever holds the number now, and under the number by which
 *  the platform has just named them. Of a hash that was
 *  never seen an authentication code makes the most of all. A number that people don't like, or that the platform restricts, sends no more of what nobody waits for. */
const ours: Readonly<Record<GateRuleName, Readonly<Record<ConsentCategory, GateMode>>>> = {
  state_not_current: { ...always('enforce'), service: 'shadow' },
  group_recipient: always('enforce'),
  two_contacts: always('enforce'),
  number_ambiguous: { ...always('enforce'), service: 'shadow' },
  contact_unknown: always('enforce'),
  identity_blocked: always('enforce'),
  identity_unproven: { ...always('shadow'), authentication: 'enforce' },
  identity_unchecked: { ...always('shadow'), authentication: 'enforce' },
  identity_hash_awaited: { ...always('enforce'), service: 'off' },
  blocked_by_choice: always('enforce'),
  opted_out: always('enforce'),
  no_opt_in: always('enforce'),
  window_closed: always('enforce'),
  bsuid_forbidden: always('enforce'),
  number_unreachable: always('shadow'),
  number_restricted: { ...always('shadow'), marketing: 'enforce' },
  frequency_cap: always('enforce'),
};
function always(mode: GateMode): Readonly<Record<ConsentCategory, GateMode>> {
  return { marketing: mode, utility: mode, authentication: mode, service: mode };
}

/** The mode of a rule for a number of ours and a category. A fixed one is enforced, whatever a policy says. */
export function modeOf(policy: GatePolicy, code: GateCode, phoneNumberId: string, category: ConsentCategory): GateMode {
  if (isFixed(code)) return 'enforce';
  const number = ofNumber(policy, phoneNumberId);
  return (
    number?.categories[category]?.[code] ??
    number?.rules[code] ??
    policy.categories[category]?.[code] ??
    policy.rules[code] ??
    ours[code][category]
  );
}
/** The country code of a number of ours: that of its digits, else what the policy says; null: nobody knows it. */
export function ownCountryCode(policy: GatePolicy, phoneNumberId: string, known: string | null): string | null {
  return known ?? ofNumber(policy, phoneNumberId)?.countryCode ?? null;
}
/** The cap on a category of what goes out from a number of ours; null: there is none. */
export function capOf(policy: GatePolicy, phoneNumberId: string, category: ConsentCategory): FrequencyCap | null {
  return ofNumber(policy, phoneNumberId)?.frequency[category] ?? policy.frequency[category] ?? null;
}
/** Whether anything is capped at all. */
export const capsAnything = ({ frequency, phoneNumbers }: GatePolicy): boolean =>
  [frequency, ...Object.values(phoneNumbers).map((one) => one.frequency)].some((caps) => Object.keys(caps).length > 0);

const ofNumber = ({ phoneNumbers }: GatePolicy, phoneNumberId: string) =>
  Object.hasOwn(phoneNumbers, phoneNumberId) ? phoneNumbers[phoneNumberId] : undefined;
const isFixed = (code: GateCode): code is Fixed => (fixed as readonly GateCode[]).includes(code);
