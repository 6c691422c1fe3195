import { consentState, contactState, identityState, headers as kafkaHeaders, type Topic } from '@keyturn/contracts';
import {
  type ContactState,
  consentSlice,
  contactSlice,
  identitySlice,
  type Slice,
  type Stored,
  type Told,
  type Who,
} from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { contactIdentifiers } from '../holdings.ts';
import type { Outgoing } from '../outbox.ts';
import { consentRepository } from '../slices/consent-repository.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';
import { identityRepository } from '../slices/identity-repository.ts';

/** A slice whose states are told again, and how to read them under the locks of their contacts. */
export type SweptSlice = {
  readonly name: 'contact' | 'identity' | 'consent';
  /** The table whose rows are gone through: those with a version were told. */
  readonly table: 'contact' | 'identity_state' | 'consent_state';
  /** State records as of now, in the order of the ids. They keep their versions. */
  records(tx: Tx, contactIds: readonly string[], now: Date): Promise<Outgoing[]>;
};

/** Locks the contacts first: what is enqueued under the lock stands, by position, before all that is told later. */
export const sweptSlices: readonly SweptSlice[] = [
  { name: 'contact', table: 'contact', records: contactRecords },
  { name: 'identity', table: 'identity_state', records: sliceRecords(identitySlice, identityRepository, identityState) },
  { name: 'consent', table: 'consent_state', records: sliceRecords(consentSlice, consentRepository, consentState) },
];

type Loads<State> = { load(tx: Tx, contactIds: readonly string[]): Promise<Map<string, Stored<State>>> };

/** What the slice told last: its own view under the identifiers it knew then. */
function sliceRecords<State, View, T extends Told>(
  slice: Slice<State, View, T>,
  repository: Loads<State>,
  topic: Topic,
): SweptSlice['records'] {
  return async (tx, contactIds, now) => {
    const stored = await repository.load(tx, contactIds);
    const who = await whoAre(tx, contactIds);
    return [...stored].flatMap(([contactId, row]) => {
      if (row.version === 0) return [];
      const view = { [slice.name]: slice.view(row.state, row.version) };
      return [recordOf(topic, now, { ...row, contactId, scope: who.get(contactId)?.scope ?? 'default' }, row.version, view)];
    });
  };
}

/** The directory tells on the contact's topic too, also of contacts that the slice has never seen, so its own word on identifiers counts. */
async function contactRecords(tx: Tx, contactIds: readonly string[], now: Date): Promise<Outgoing[]> {
  const locked = await tx.query<{ contact_id: string; version: number }>({
    name: 'sweep.lock_contacts',
    text: 'select contact_id, version from contact where contact_id = any($1::uuid[]) order by contact_id for update',
    values: [contactIds],
  });
  const states = await tx.query<{ contact_id: string; state: ContactState }>({
    name: 'sweep.contact_states',
    text: `select contact_id, ${CONTACT_STATE} as state from contact_state s where contact_id = any($1::uuid[])`,
    values: [contactIds],
  });
  const stateOf = new Map(states.rows.map(({ contact_id, state }) => [contact_id, state]));
  const who = await whoAre(tx, contactIds);
  return locked.rows.flatMap(({ contact_id, version }) => {
    const is = who.get(contact_id);
    if (version === 0 || is === undefined) return [];
    const state = stateOf.get(contact_id);
    const contact = state === undefined || is.mergedInto !== null ? null : contactSlice.view(state, version);
    return [recordOf(contactState, now, is, version, { contact })];
  });
}

type Of = Pick<Who, 'contactId' | 'scope' | 'mergedInto' | 'holdings'>;
function recordOf(topic: Topic, now: Date, of: Of, version: number, view: object): Outgoing {
  const { contactId, scope, mergedInto, holdings } = of;
  const into = mergedInto === null ? {} : { mergedInto };
  const value = { contactId, version, recordedAt: now.toISOString(), scope, ...into, identifiers: contactIdentifiers(holdings), ...view };
  return { key: contactId, topic, headers: { [kafkaHeaders.republished]: 'true' }, value: JSON.stringify(value) };
}
