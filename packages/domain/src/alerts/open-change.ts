import { ConsentCategory, type ConsentView, type ContactIdentifier, type EvidenceKind, type IdentityView } from '@keyturn/contracts';

type Signal = IdentityView['evidence'][number]['kind'];
/** A block that awaits a decision, as far as alerts look at it. No number of a person is in it, but a masked one and a beginning that many share. */
export type OpenChange = {
  readonly version: number;
  readonly since: string;
  /** By what the alert groups: the strongest of its signals. */
  readonly lead: Signal;
  readonly signals: readonly Signal[];
  readonly phoneNumberIds: readonly string[];
  readonly optedInTo: readonly ConsentCategory[];
  /** The beginning of the person's number: country and, as a rule, telephone company. */
  readonly range: string | null;
  readonly masked: string | null;
};

/** What says most of a cause comes first: that a number has another holder is known, that a hash differs is seen, that ids disagree is concluded. */
const STRENGTH: readonly (typeof EvidenceKind.options)[number][] = [
  ...(['number_lost', 'number_change', 'legacy', 'hash', 'mismatch', 'bsuid', 'undecided'] as const),
];
const RANGE_DIGITS = 5;

/** What alerts look at, of a block. `mask` hides a number. */
export function openChange(
  identity: IdentityView,
  consent: ConsentView,
  identifiers: readonly Pick<ContactIdentifier, 'kind' | 'value'>[],
  mask: (waId: string) => string,
): OpenChange {
  const signals = [...new Set(identity.evidence.map(({ kind }) => kind))];
  const named = identity.evidence.flatMap(({ phoneNumberId }) => phoneNumberId ?? []);
  const numbers = named.length > 0 ? named : identity.keyHashes.map(({ phoneNumberId }) => phoneNumberId);
  const waId = identifiers.find(({ kind }) => kind === 'wa_id')?.value;
  return {
    version: identity.version,
    since: identity.blockedAt ?? '1970-01-01T00:00:00.000Z',
    lead: STRENGTH.find((signal) => signals.includes(signal)) ?? signals[0] ?? 'undecided',
    signals,
    phoneNumberIds: [...new Set(numbers)],
    optedInTo: ConsentCategory.options.filter((category) => consent[category].status === 'opted_in'),
    range: waId === undefined || waId.length <= RANGE_DIGITS + 3 ? null : waId.slice(0, RANGE_DIGITS),
    masked: waId === undefined ? null : mask(waId),
  };
}
