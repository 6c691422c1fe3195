import { consentEvents, consentState, consumerFacets, consumerTopics } from '@keyturn/contracts';
import { consentSlice } from '@keyturn/domain';
import { consentRepository, defineConsumer } from '@keyturn/store';

/** Records threads that customers start as opt-ins, and every stop. Reads what may be either, and what says who people are. */
export const consentConsumer = {
  group: 'consent',
  topics: consumerTopics.consent,
  facets: consumerFacets.consent,
  slice: consentSlice,
  repository: consentRepository,
  tells: { events: consentEvents, state: consentState },
} as const;

/** Runs it as a service. */
export const start = defineConsumer(consentConsumer);
