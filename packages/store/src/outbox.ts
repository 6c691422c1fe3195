import type { Topic } from '@keyturn/contracts';
import { byteas, jsons, smallints, texts } from './bind.ts';
import type { Tx } from './database.ts';

/** How many shards the outbox has. Fixed: a contact's shard never changes, so its order holds across relays. */
export const OUTBOX_SHARDS = 8;

/** The shard of a contact, or of whatever else is a record's key. */
export function shardOf(key: string): number {
  let sum = 0;
  for (let i = 0; i < key.length; i++) sum = (sum * 31 + key.charCodeAt(i)) | 0;
  return Math.abs(sum % OUTBOX_SHARDS);
}

/** Headers of a record that go along with all that is told because of it: when its webhook came in. */
export type Along = Readonly<Record<string, string>>;

/** What the relay will publish: an event with the state record that goes with it, or a dead letter. */
export type Outgoing = {
  readonly key: string;
  readonly topic: Topic;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | string;
  readonly state?: { readonly topic: Topic; readonly value: string };
};

/** Puts records in the outbox in their order, in one statement. They are published once the transaction has committed, at least once. */
export async function enqueue(tx: Tx, records: readonly Outgoing[]): Promise<void> {
  if (records.length === 0) return;
  await tx.query({
    name: 'outbox.enqueue',
    text: `insert into outbox (shard, key, topic, headers, value, state_topic, state)
           select shard, key, topic, headers, value, state_topic, state
           from unnest($1::smallint[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[], $6::text[], $7::bytea[])
             with ordinality as r(shard, key, topic, headers, value, state_topic, state, place)
           order by place`,
    values: [
      smallints(records.map((record) => shardOf(record.key))),
      texts(records.map((record) => record.key)),
      texts(records.map((record) => record.topic.name)),
      jsons(records.map((record) => JSON.stringify(record.headers))),
      byteas(records.map((record) => record.value)),
      texts(records.map((record) => record.state?.topic.name ?? null)),
      byteas(records.map((record) => record.state?.value ?? null)),
    ],
  });
}
