import { type AccountEvent, type ContactGroup, consumerFacets, type Facet, type InboundEvent, silenceOf } from '@keyturn/contracts';
import {
  carriedBy,
  consentSlice,
  contactSlice,
  type Decision,
  identitySlice,
  type Resolved,
  type Stored,
  statementsOf,
} from '@keyturn/domain';

const slices = { contact: contactSlice, identity: identitySlice, consent: consentSlice };

/** Which consumers decide something by an event about somebody of whom nothing is known, whether or not its facets let them see it; and the
 *  directory, where it says who is who. */
export function actingOn(event: InboundEvent, facets: readonly Facet[]): readonly string[] {
  if (silenceOf(event) !== null) return [];
  const acting = (Object.keys(slices) as ContactGroup[]).filter((group) => decisionOf(group, event).kind !== 'skip');
  const counting = isCounted(event) ? [...acting, 'account'] : acting;
  return facets.includes('link') || facets.includes('number') ? ['directory', ...counting] : counting;
}

/** Whether the account consumer keeps what the event says of ours. */
export const keptOf = (event: AccountEvent): boolean => statementsOf(event).length > 0;
/** Whether it is counted among the messages of which each carries a key hash while the identity check is on. */
const isCounted = (event: InboundEvent): boolean => event.type === 'message.received' && event.messageType !== 'system';

/** Whether a consumer parses the event at all. */
export const sees = (group: ContactGroup, facets: readonly Facet[]): boolean =>
  (consumerFacets[group] as readonly Facet[]).some((facet) => facets.includes(facet));

/** Why nobody decides anything by it. */
export function whyNobody(event: InboundEvent): string {
  const silence = silenceOf(event);
  if (silence !== null) return silence;
  const reasons = (Object.keys(slices) as ContactGroup[]).map((group) => {
    const decision = decisionOf(group, event);
    return decision.kind === 'skip' ? decision.reason : '';
  });
  return [...new Set(reasons)].join(', ');
}

function decisionOf(group: ContactGroup, event: InboundEvent): Decision<unknown, unknown> {
  const as = carriedBy(event, event.wabaId)?.[0] ?? 'w:0';
  const input = { ...event, contactId: 'c', as, at: Math.floor(Date.parse(event.occurredAt) / 1_000) } as Resolved;
  const { decide, empty } = slices[group] as {
    decide(stored: Stored<unknown>, input: Resolved): Decision<unknown, unknown>;
    empty: unknown;
  };
  return decide({ state: empty, version: 0, holdings: [], mergedInto: null }, input);
}
