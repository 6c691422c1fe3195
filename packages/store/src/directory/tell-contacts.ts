import { type Cause, contactEvents, contactState } from '@keyturn/contracts';
import {
  type ContactEntry,
  type ContactState,
  contactSlice,
  contactsOf,
  identifierParts,
  instantOf,
  type Move,
  type Pin,
} from '@keyturn/domain';
import { doubles, integers, texts, uuids } from '../bind.ts';
import { atOnce, type Tx } from '../database.ts';
import { contactIdentifiers, instantOrNull } from '../holdings.ts';
import type { Along } from '../outbox.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';
import { type Change, tell } from '../tell.ts';
import type { SettledIn } from './write-component.ts';

/** A settled component with what brought it about. */
export type SettledWhy = SettledIn & {
  readonly cause: Cause;
  readonly occurredAt: string;
  readonly along: Along;
  /** What another scope said of contacts that came from there: they are told in any case, as being here now. */
  readonly arrivals?: ReadonlyMap<string, ContactEntry>;
};
type Type = 'contact.created' | 'contact.merged' | 'contact.number_changed' | 'contact.split' | 'contact.identified';
/** A contact of which the directory says anything else than before; `was` is undefined for a new one. */
type Changed = SettledWhy & { readonly was: ContactEntry | undefined; readonly is: ContactEntry; readonly pin: Pin; readonly type: Type };
type Row = { readonly version: number; readonly state: ContactState | null };

/** Writes contacts and signals, and tells every contact of which the directory now says anything else: one version, one event each, with all its
 *  signals and the moves that concern it. Locks those contacts in id order. Answers with their ids. */
export async function tellContacts(tx: Tx, components: readonly SettledWhy[], now: Date): Promise<string[]> {
  const changed = components.flatMap(changedContacts).sort((a, b) => (a.is.contactId < b.is.contactId ? -1 : 1));
  if (changed.length === 0) return [];
  const rows = await lockContacts(
    tx,
    changed.filter(({ was }) => was !== undefined),
  );
  const told = changed.map((one) => changeOf(one, rows.get(one.is.contactId) ?? { version: 0, state: null }, now.toISOString()));
  await atOnce(
    tx,
    () => writeContacts(tx, changed, rows),
    () => writeSignals(tx, changed),
    () => tell(tx, told),
  );
  return changed.map(({ is }) => is.contactId);
}

function changedContacts(component: SettledWhy): Changed[] {
  const { settled } = component;
  const before = new Map(contactsOf(settled.before).map((entry) => [entry.contactId, entry]));
  const pins = new Map(settled.pins.map((pin) => [pin.contactId, pin]));
  return contactsOf(settled).flatMap((is) => {
    const came = component.arrivals?.get(is.contactId);
    const was = came ?? before.get(is.contactId);
    const pin = pins.get(is.contactId);
    if (pin === undefined || (came === undefined && JSON.stringify(was) === JSON.stringify(is))) return [];
    return [{ ...component, was, is, pin, type: typeOf(component, is) }];
  });
}

/** One contact is told one thing, the weightiest. What is no other kind of news (a signal, another period) comes as `identified`. */
function typeOf({ settled: { told } }: SettledWhy, { contactId, mergedInto }: ContactEntry): Type {
  if (told.created.includes(contactId)) return 'contact.created';
  if (mergedInto !== null) return 'contact.merged';
  if (told.numberChanged.includes(contactId)) return 'contact.number_changed';
  return told.split.includes(contactId) ? 'contact.split' : 'contact.identified';
}

/** The second statement comes after the locks: only then is what the contact slice wrote last to be seen. */
async function lockContacts(tx: Tx, changed: readonly Changed[]): Promise<Map<string, Row>> {
  if (changed.length === 0) return new Map();
  const values = [changed.map(({ is }) => is.contactId)];
  const [locked, states] = await atOnce(
    tx,
    () =>
      tx.query<{ contact_id: string; version: number }>({
        name: 'directory.lock_contacts',
        text: 'select contact_id, version from contact where contact_id = any($1::uuid[]) order by contact_id for update',
        values,
      }),
    () =>
      tx.query<{ contact_id: string; state: ContactState }>({
        name: 'directory.contact_states',
        text: `select contact_id, ${CONTACT_STATE} as state from contact_state s where contact_id = any($1::uuid[])`,
        values,
      }),
  );
  const stateOf = new Map(states.rows.map(({ contact_id, state }) => [contact_id, state]));
  return new Map(locked.rows.map(({ contact_id, version }) => [contact_id, { version, state: stateOf.get(contact_id) ?? null }]));
}

async function writeContacts(tx: Tx, changed: readonly Changed[], rows: ReadonlyMap<string, Row>): Promise<void> {
  await tx.query({
    name: 'directory.write_contacts',
    text: `insert into contact (contact_id, scope, pin_identifier, pin_at, merged_into, version)
           select contact_id, scope, pin_identifier, to_timestamp(pin_at), merged_into, version
           from unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::uuid[], $6::int[])
             as n(contact_id, scope, pin_identifier, pin_at, merged_into, version)
           on conflict (contact_id) do update set merged_into = excluded.merged_into, version = excluded.version`,
    values: [
      uuids(changed.map(({ is }) => is.contactId)),
      texts(changed.map(({ scope }) => scope)),
      texts(changed.map(({ pin }) => pin.identifier)),
      doubles(changed.map(({ pin }) => pin.at)),
      uuids(changed.map(({ is }) => is.mergedInto)),
      integers(changed.map(({ is }) => (rows.get(is.contactId)?.version ?? 0) + 1)),
    ],
  });
}

async function writeSignals(tx: Tx, changed: readonly Changed[]): Promise<void> {
  const others = changed.filter(({ was, is }) => JSON.stringify(was?.signals ?? []) !== JSON.stringify(is.signals));
  const stale = others.filter(({ was }) => was !== undefined && was.signals.length > 0);
  if (stale.length > 0) {
    await tx.query({
      name: 'directory.delete_signals',
      text: 'delete from contact_signal where contact_id = any($1::uuid[])',
      values: [stale.map(({ is }) => is.contactId)],
    });
  }
  const signals = others.flatMap(({ is }) => is.signals.map((one) => ({ contactId: is.contactId, ...one })));
  if (signals.length === 0) return;
  await tx.query({
    name: 'directory.write_signals',
    text: `insert into contact_signal (contact_id, signal, at)
           select contact_id, signal, to_timestamp(at) from unnest($1::uuid[], $2::text[], $3::float8[]) as n(contact_id, signal, at)`,
    values: [signals.map(({ contactId }) => contactId), signals.map(({ signal }) => signal), signals.map(({ at }) => at)],
  });
}

function changeOf({ scope, settled, cause, occurredAt, along, was, is, type }: Changed, row: Row, recordedAt: string): Change {
  const { contactId, mergedInto } = is;
  const version = row.version + 1;
  const after = entryView(is);
  const into = mergedInto === null ? {} : { mergedInto };
  const moves = settled.told.moves.filter((move) => move.leaves === contactId || move.joins === contactId).map(moveView);
  const common = { contactId, version, recordedAt, scope, identifiers: after.identifiers };
  const contact = row.state === null || mergedInto !== null ? null : contactSlice.view(row.state, version);
  return {
    ...{ contactId, slice: 'contact', type, version, cause, occurredAt, along, recordedAt },
    before: was === undefined ? null : entryView(was),
    after,
    detail: { ...into, moves },
    event: {
      topic: contactEvents,
      value: { id: `contact:${contactId}:${version}`, type, ...common, occurredAt, cause, ...into, signals: after.signals, moves },
    },
    state: { topic: contactState, value: { ...common, ...into, contact } },
  };
}

const entryView = ({ identifiers, signals }: ContactEntry) => ({
  identifiers: contactIdentifiers(identifiers),
  signals: signals.map(({ signal, at }) => ({ signal, at: instantOf(at) })),
});
const moveView = ({ identifier, from, to, leaves, joins }: Move) => ({
  ...identifierParts(identifier),
  ...{ identifier, from: instantOrNull(from), to: instantOrNull(to), leaves, joins },
});
