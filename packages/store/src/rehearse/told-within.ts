import type { Cause, Topic } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type { Tx } from '../database.ts';

/** A change that would be told, as the journal would have it. `isNew`: the contact is not there yet. */
export type Rehearsed = {
  readonly contactId: string;
  readonly isNew: boolean;
  readonly slice: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly cause: Cause;
  readonly before: unknown;
  readonly after: unknown;
};

/** The last that was told before, by anybody. What is told now comes after. */
export async function rehearsalStart(tx: Tx): Promise<{ readonly entryId: bigint; readonly position: bigint }> {
  const { rows } = await tx.query<{ entry: string; position: string }>(
    `select coalesce((select max(entry_id) from journal), 0) as entry, coalesce((select max(position) from outbox), 0) as position`,
  );
  return { entryId: BigInt(rows[0]?.entry ?? 0), position: BigInt(rows[0]?.position ?? 0) };
}

type OutboxRow = { position: string; key: string; headers: Record<string, string>; value: Buffer };
/** What this replay would have published on a topic, after a place of the outbox, and the next place. */
export async function readTold(
  tx: Tx,
  topic: Topic,
  after: bigint,
  replayId: string,
): Promise<{ readonly records: readonly Pick<IncomingRecord, 'key' | 'value' | 'headers'>[]; readonly position: bigint }> {
  const { rows } = await tx.query<OutboxRow>(
    'select position, key, headers, value from outbox where position > $1 and topic = $2 order by position',
    [after, topic.name],
  );
  const mine = rows.filter(({ value }) => (JSON.parse(value.toString('utf8')) as { cause?: Cause }).cause?.replayId === replayId);
  return { records: mine.map(({ key, headers, value }) => ({ key, headers, value })), position: BigInt(rows.at(-1)?.position ?? after) };
}

type JournalRow = {
  contact_id: string;
  is_new: boolean;
  slice: string;
  type: string;
  occurred_at: Date;
  cause: Cause;
  before: unknown;
  after: unknown;
};
/** What this replay would have changed, after an entry of the journal, in order. */
export async function readChanges(tx: Tx, after: bigint, replayId: string): Promise<Rehearsed[]> {
  const { rows } = await tx.query<JournalRow>(
    `select j.contact_id, j.slice, j.type, j.occurred_at, j.cause, j.before, j.after,
            exists (select from journal c where c.contact_id = j.contact_id and c.type = 'contact.created' and c.entry_id > $1) as is_new
     from journal j where j.entry_id > $1 and j.cause->>'replayId' = $2 order by j.entry_id`,
    [after, replayId],
  );
  return rows.map(({ contact_id, is_new, occurred_at, ...row }) => ({
    ...row,
    contactId: contact_id,
    isNew: is_new,
    occurredAt: occurred_at.toISOString(),
  }));
}
