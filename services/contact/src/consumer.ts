import { consumerFacets, consumerTopics, contactEvents, contactState } from '@keyturn/contracts';
import { contactSlice } from '@keyturn/domain';
import { contactRepository, defineConsumer } from '@keyturn/store';

/** Keeps names, sightings and service windows. Reads everything that a person sent or that says who they are. */
export const contactConsumer = {
  group: 'contact',
  topics: consumerTopics.contact,
  facets: consumerFacets.contact,
  slice: contactSlice,
  repository: contactRepository,
  tells: { events: contactEvents, state: contactState },
} as const;

/** Runs it as a service. */
export const start = defineConsumer(contactConsumer);
