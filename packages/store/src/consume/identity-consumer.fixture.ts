import { consumerFacets, consumerTopics, identityEvents, identityState } from '@keyturn/contracts';
import { identitySlice } from '@keyturn/domain';
import { identityRepository } from '../slices/identity-repository.ts';

/** The identity consumer as its service declares it, which the store must not import. */
export const identity = {
  group: 'identity',
  topics: consumerTopics.identity,
  facets: consumerFacets.identity,
  slice: identitySlice,
  repository: identityRepository,
  tells: { events: identityEvents, state: identityState },
} as const;
