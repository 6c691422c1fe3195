import { consumerFacets, type Facet, type Group, type InboundEvent, silenceOf } from '@keyturn/contracts';
import { carriedBy, consentSlice, contactSlice, type Decision, identitySlice, type Resolved, type Stored } from '@keyturn/domain';

const slices = { contact: contactSlice, identity: identitySlice, consent: consentSlice };

/** Which consumers decide something by an event about somebody of whom nothing is known, whether or not its facets let them see it; and the
 *  directory, where it says who is who. */
export function actingOn(event: InboundEvent, facets: readonly Facet[]): readonly string[] {
  if (silenceOf(event) !== null) return [];
  const acting = (Object.keys(slices) as Group[]).filter((group) => decisionOf(group, event).kind !== 'skip');
  return facets.includes('link') || facets.includes('number') ? ['directory', ...acting] : acting;
}

/** Whether a consumer parses the event at all. */
export const sees = (group: Group, facets: readonly Facet[]): boolean =>
  (consumerFacets[group] as readonly Facet[]).some((facet) => facets.includes(facet));

/** Why nobody decides anything by it. */
export function whyNobody(event: InboundEvent): string {
  const silence = silenceOf(event);
  if (silence !== null) return silence;
  const reasons = (Object.keys(slices) as Group[]).map((group) => {
    const decision = decisionOf(group, event);
    return decision.kind === 'skip' ? decision.reason : '';
  });
  return [...new Set(reasons)].join(', ');
}

function decisionOf(group: Group, event: InboundEvent): Decision<unknown, unknown> {
  const as = carriedBy(event, event.wabaId)?.[0] ?? 'w:0';
  const input = { ...event, contactId: 'c', as, at: Math.floor(Date.parse(event.occurredAt) / 1_000) } as Resolved;
  const { decide, empty } = slices[group] as {
    decide(stored: Stored<unknown>, input: Resolved): Decision<unknown, unknown>;
    empty: unknown;
  };
  return decide({ state: empty, version: 0, holdings: [], mergedInto: null }, input);
}
