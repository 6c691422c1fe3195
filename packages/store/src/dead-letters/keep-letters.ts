import { deadLetterHeaders, deadLetterTopic, type Topic } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import { v7 } from 'uuid';
import type { Tx } from '../database.ts';
import { enqueue } from '../outbox.ts';
import { describedError, storable } from './described-error.ts';

/** A record that was not decided on. `contactId`: whom it is about, where that is known. */
export type Dead = { readonly record: IncomingRecord; readonly error: unknown; readonly contactId: string | null };
type Source = { readonly topic: Topic; readonly partition: number; readonly group: string };
type Letter = ReturnType<typeof letterOf>;

/** Keeps dead letters, to be looked at and decided on, and enqueues each for its topic: its bytes and headers as they were, with what failed, where and
 *  how often. In the transaction that moves past the records: neither is lost, nor there twice. */
export async function keepLetters(tx: Tx, source: Source, dead: readonly Dead[], attempts: number, now: Date): Promise<void> {
  if (dead.length === 0) return;
  const letters = dead.map(letterOf);
  await insert(tx, source, letters, attempts, now);
  await enqueue(
    tx,
    letters.map((letter) => outgoing(source, letter, attempts)),
  );
}

const letterOf = ({ record, error, contactId }: Dead) => ({
  deadLetterId: v7(),
  record,
  contactId,
  key: record.key === null ? null : storable(record.key),
  headers: Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [storable(name), storable(value)])),
  ...describedError(error),
});

/** A record that is read again, as after an offset was set back by hand, has its letter already, and what was decided on it. */
async function insert(tx: Tx, { topic, partition, group }: Source, letters: readonly Letter[], attempts: number, now: Date): Promise<void> {
  await tx.query({
    name: 'dead-letter.keep',
    text: `insert into dead_letter (dead_letter_id, group_id, topic, partition, "offset", key, headers, value, record_at, contact_id, code, cause, stack,
             attempts, dead_lettered_at)
           select id, $1, $2, $3, place, key, headers, value, record_at, contact_id, code, cause, stack, $4, $5
           from unnest($6::uuid[], $7::bigint[], $8::text[], $9::jsonb[], $10::bytea[], $11::timestamptz[], $12::uuid[], $13::text[], $14::text[],
                       $15::text[]) as l(id, place, key, headers, value, record_at, contact_id, code, cause, stack)
           on conflict do nothing`,
    values: [
      ...[group, topic.name, partition, attempts, now],
      letters.map(({ deadLetterId }) => deadLetterId),
      letters.map(({ record }) => record.offset),
      letters.map(({ key }) => key),
      letters.map(({ headers }) => JSON.stringify(headers)),
      letters.map(({ record }) => record.value),
      letters.map(({ record }) => new Date(record.timestamp)),
      letters.map(({ contactId }) => contactId),
      letters.map(({ code }) => code),
      letters.map(({ cause }) => cause),
      letters.map(({ stack }) => stack),
    ],
  });
}

const outgoing = ({ topic, partition, group }: Source, letter: Letter, attempts: number) => ({
  key: letter.key ?? '',
  topic: deadLetterTopic(topic, group),
  headers: {
    ...letter.headers,
    [deadLetterHeaders.id]: letter.deadLetterId,
    [deadLetterHeaders.code]: letter.code,
    [deadLetterHeaders.cause]: letter.cause,
    [deadLetterHeaders.stack]: letter.stack,
    [deadLetterHeaders.attempts]: String(attempts),
    [deadLetterHeaders.group]: group,
    [deadLetterHeaders.topic]: topic.name,
    [deadLetterHeaders.partition]: String(partition),
    [deadLetterHeaders.offset]: String(letter.record.offset),
    [deadLetterHeaders.timestamp]: String(letter.record.timestamp),
  },
  value: letter.record.value,
});
