import {
  consentEvents,
  consentState,
  consumerFacets,
  consumerTopics,
  contactEvents,
  contactState,
  identityEvents,
  identityState,
} from '@keyturn/contracts';
import { consentSlice, contactSlice, identitySlice } from '@keyturn/domain';
import { consentRepository } from './slices/consent-repository.ts';
import { contactRepository } from './slices/contact-repository.ts';
import { identityRepository } from './slices/identity-repository.ts';

/** Keeps names, sightings and service windows. Reads everything that a person sent or that says who they are; and records how far what we sent got. */
export const contactConsumer = {
  group: 'contact',
  topics: consumerTopics.contact,
  facets: consumerFacets.contact,
  slice: contactSlice,
  repository: contactRepository,
  recordsOutbound: true,
  tells: { events: contactEvents, state: contactState },
} as const;

/** Blocks a contact whose identity key hash changed. Reads only what carries an identity signal, and the links and changes that say who is who. */
export const identityConsumer = {
  group: 'identity',
  topics: consumerTopics.identity,
  facets: consumerFacets.identity,
  slice: identitySlice,
  repository: identityRepository,
  asksWhatWasSent: true,
  tells: { events: identityEvents, state: identityState },
} as const;

/** Records threads that customers start as opt-ins, and every stop. Reads what may be either, and what says who people are. */
export const consentConsumer = {
  group: 'consent',
  topics: consumerTopics.consent,
  facets: consumerFacets.consent,
  slice: consentSlice,
  repository: consentRepository,
  tells: { events: consentEvents, state: consentState },
} as const;
