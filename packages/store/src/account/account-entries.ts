import type { AccountEvent } from '@keyturn/contracts';
import { type Statement, saidAt } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { keyOf } from './account-repository.ts';

/** An event and one of those whom it is about. */
export type Entry = { readonly event: AccountEvent; readonly of: Statement['of'] };

/** Keeps what was said of these, in one statement, and answers which of it nobody had said before: by subject and event. */
export async function keepEntries(tx: Tx, entries: readonly Entry[], recordedAt: Date): Promise<Set<string>> {
  if (entries.length === 0) return new Set();
  const { rows } = await tx.query<Entry['of'] & { event_id: string }>({
    name: 'account.keep',
    text: `insert into account_entry (kind, id, event_id, type, detail, source, occurred_at, recorded_at)
           select kind, id, event_id, type, detail, source, occurred_at, $8
           from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::timestamptz[])
             as e(kind, id, event_id, type, detail, source, occurred_at)
           on conflict do nothing returning kind, id, event_id`,
    values: [
      entries.map(({ of }) => of.kind),
      entries.map(({ of }) => of.id),
      entries.map(({ event }) => event.id),
      entries.map(({ event }) => event.type),
      entries.map(({ event }) => JSON.stringify(detailOf(event))),
      entries.map(({ event }) => JSON.stringify(event.source)),
      entries.map(({ event }) => ('flags' in event && saidAt(event) === null ? null : event.occurredAt)),
      recordedAt,
    ],
  });
  return new Set(rows.map(({ kind, id, event_id }) => entryKey({ kind, id }, event_id)));
}

/** What an entry is called in a set. */
export const entryKey = (of: Entry['of'], eventId: string): string => `${keyOf(of)} ${eventId}`;

const ENVELOPE = new Set(['id', 'type', 'wabaId', 'phoneNumberId', 'displayNumber', 'occurredAt', 'receivedAt', 'source', 'flags']);
const detailOf = (event: AccountEvent) => Object.fromEntries(Object.entries(event).filter(([name]) => !ENVELOPE.has(name)));
