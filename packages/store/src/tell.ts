import { type Cause, headers, type Topic } from '@keyturn/contracts';
import { instants, integers, jsons, texts, uuids } from './bind.ts';
import { atOnce, type Tx } from './database.ts';
import { type Along, enqueue } from './outbox.ts';
import { inTrace } from './tell-spans.ts';

/** One thing that changed about a contact: what the journal keeps, and what downstream hears. */
export type Change = {
  readonly contactId: string;
  readonly slice: 'contact' | 'identity' | 'consent';
  readonly type: string;
  readonly version: number;
  readonly cause: Cause;
  readonly before: unknown;
  readonly after: unknown;
  /** What the event says beyond before and after (the moves, the decision, the ledger fact); null: nothing. */
  readonly detail: unknown;
  readonly occurredAt: string;
  readonly along?: Along;
  readonly recordedAt: string;
  /** Event and state record, as published. */
  readonly event: { readonly topic: Topic; readonly value: object };
  readonly state: { readonly topic: Topic; readonly value: object };
};

/** Writes journal and outbox for changes of rows that this transaction has locked and saves, two statements for any number of them:
 *  state, journal and what is told commit together or not at all. */
export async function tell(tx: Tx, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const journal = () =>
    tx.query({
      name: 'journal.append',
      text: `insert into journal (contact_id, slice, type, version, actor, cause, before, after, detail, occurred_at, recorded_at)
             select contact_id, slice, type, version, actor, cause, before, after, detail, occurred_at, recorded_at
             from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::jsonb[], $7::jsonb[], $8::jsonb[], $9::jsonb[],
                         $10::timestamptz[], $11::timestamptz[])
               with ordinality as c(contact_id, slice, type, version, actor, cause, before, after, detail, occurred_at, recorded_at, place)
             order by place`,
      values: [
        uuids(changes.map((change) => change.contactId)),
        texts(changes.map((change) => change.slice)),
        texts(changes.map((change) => change.type)),
        integers(changes.map((change) => change.version)),
        texts(changes.map((change) => change.cause.actor)),
        jsons(changes.map((change) => JSON.stringify(change.cause))),
        jsons(changes.map((change) => jsonOrNull(change.before))),
        jsons(changes.map((change) => jsonOrNull(change.after))),
        jsons(changes.map((change) => jsonOrNull(change.detail))),
        instants(changes.map((change) => change.occurredAt)),
        instants(changes.map((change) => change.recordedAt)),
      ],
    });
  const outbox = () =>
    enqueue(
      tx,
      changes.map(({ contactId, type, occurredAt, along, event, state }) => ({
        key: contactId,
        topic: event.topic,
        headers: { ...inTrace(tx, type, along), [headers.eventType]: type, [headers.occurredAt]: occurredAt },
        value: JSON.stringify(event.value),
        state: { topic: state.topic, value: JSON.stringify(state.value) },
      })),
    );
  await atOnce(tx, journal, outbox);
}

const jsonOrNull = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
