import type { AccountEvent, Facet, InboundEvent, PersonIds, Topic } from '@keyturn/contracts';
import { account, inbound } from '@keyturn/contracts';
import { canonicalWaId } from '@keyturn/domain';
import { facetsOf } from './facets.ts';
import type { ContactBook } from './payload/contacts.ts';
import type { Receipt } from './payload/times.ts';

/** One event and where it goes. */
export type Normalized = {
  readonly topic: Topic;
  /** Partition key. */
  readonly key: string;
  readonly event: InboundEvent | AccountEvent;
  readonly facets: readonly Facet[];
};

/** Which body is read: `webhookId` is its SHA-256 in hex. */
export type Webhook = Receipt & { readonly webhookId: string };
/** What all items of one change share. An id that is missing or can't be one is undefined. */
export type Change = {
  readonly webhook: Webhook;
  readonly wabaId: string | undefined;
  readonly phoneNumberId: string | undefined;
  /** Our own number, digits only. */
  readonly displayNumber: string | undefined;
  readonly field: string | undefined;
  /** The entry's own time, as it came: only there where the items have none. */
  readonly entryTime: unknown;
  readonly contacts: ContactBook;
};

/** An event about a person, keyed by the person, so that order mostly holds: number, else BSUID, else parent. */
export const aboutPerson = (event: InboundEvent, person: PersonIds): Normalized => ({
  topic: inbound,
  key: (person.waId && canonicalWaId(person.waId)) ?? person.bsuid ?? person.parentBsuid ?? event.phoneNumberId,
  event,
  facets: facetsOf(event),
});

/** An event about nobody, keyed by the WABA, or what stands in its place, else by the body. */
export const aboutAccount = (event: AccountEvent): Normalized => ({
  topic: account,
  key: (event.type === 'partner_solution.changed' ? event.businessId : event.wabaId) ?? event.source.webhookId,
  event,
  facets: [],
});
