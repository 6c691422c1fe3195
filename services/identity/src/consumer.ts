import { consumerFacets, consumerTopics, identityEvents, identityState } from '@keyturn/contracts';
import { identitySlice } from '@keyturn/domain';
import { defineConsumer, identityRepository } from '@keyturn/store';

/** Blocks a contact whose identity key hash changed. Reads only what carries an identity signal, and the links and changes that say who is who. */
export const identityConsumer = {
  group: 'identity',
  topics: consumerTopics.identity,
  facets: consumerFacets.identity,
  slice: identitySlice,
  repository: identityRepository,
  tells: { events: identityEvents, state: identityState },
} as const;

/** Runs it as a service. */
export const start = defineConsumer(identityConsumer);
