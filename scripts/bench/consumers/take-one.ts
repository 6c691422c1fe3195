import { randomUUID } from 'node:crypto';
import { headers, InboundEvent, inbound, type Topic } from '@keyturn/contracts';
import { type Carried, carriedBy, DEFAULT_SCOPE, type Resolved, type Slice, type Told } from '@keyturn/domain';
import { type IncomingRecord, partitionOf } from '@keyturn/runtime';
import type pg from 'pg';

/** What of a consumer is needed to do its work row by row. */
export type Consumer = {
  readonly group: string;
  readonly facets: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: each slice has its own state
  readonly slice: Slice<any, any, Told>;
  readonly tells: { readonly events: Topic; readonly state: Topic };
};

/** Takes one event in, in a transaction of its own: whose it is, the row locked, the same pure decision, state, journal, outbox, offset. It spares
 *  itself merges, dead letters and the ledger. What carries no facet of the consumer costs nothing. `partition`: whose offset is moved; null: the
 *  event's id is recorded. */
export async function takeOne(client: pg.PoolClient, consumer: Consumer, record: IncomingRecord, partition: number | null): Promise<void> {
  const facets = record.headers[headers.facets]?.split(',') ?? [];
  if (!facets.some((facet) => consumer.facets.includes(facet))) return;
  const event = InboundEvent.parse(JSON.parse(record.value.toString('utf8')));
  await client.query('begin');
  const carried = carriedBy(event, event.wabaId);
  if (carried !== null) await decide(client, consumer, event, carried);
  if (partition === null) await run(client, 'bench.inbox', 'insert into bench_inbox (id) values ($1) on conflict do nothing', [event.id]);
  else await moveOffset(client, consumer.group, partition, record.offset);
  await client.query('commit');
}

const run = <Row extends pg.QueryResultRow>(client: pg.PoolClient, name: string, text: string, values: unknown[]) =>
  client.query<Row>({ name, text, values });

async function decide(client: pg.PoolClient, { group, slice, tells }: Consumer, event: InboundEvent, carried: Carried): Promise<void> {
  const at = Math.floor(Date.parse(event.occurredAt) / 1_000);
  const contactId = await holderOf(client, carried, at);
  const { state, version } = await locked(client, slice.name, contactId, slice.empty);
  const stored = { state, version, holdings: [], mergedInto: null };
  const decision = slice.decide(stored, { ...event, contactId, as: carried[0], at } as Resolved);
  if (decision.kind === 'skip') return;
  const told = decision.kind === 'apply' ? decision.told : [];
  await run(client, `bench.save-${slice.name}`, `update ${slice.name}_state set state = $2, updated_at = now() where contact_id = $1`, [
    contactId,
    JSON.stringify(decision.state),
  ]);
  if (told.length === 0) return;
  const next = version + told.length;
  const table = slice.name === 'contact' ? 'contact' : `${slice.name}_state`;
  await run(client, `bench.version-${slice.name}`, `update ${table} set version = $2 where contact_id = $1`, [contactId, next]);
  for (const { type, fields } of told) {
    const views = { before: slice.view(state, version), after: slice.view(decision.state, next) };
    const cause = { actor: `system:${group}`, eventId: event.id, eventType: event.type, source: event.source };
    await run(
      client,
      'bench.journal',
      `insert into journal (contact_id, slice, type, version, actor, cause, before, after, detail, occurred_at, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now())`,
      [contactId, slice.name, type, next, cause.actor, cause, views.before, views.after, fields ?? null, event.occurredAt],
    );
    await run(
      client,
      'bench.outbox',
      'insert into outbox (shard, key, topic, headers, value, state_topic, state) values ($1, $2, $3, $4, $5, $6, $7)',
      [
        partitionOf(contactId, 8),
        contactId,
        tells.events.name,
        { [headers.eventType]: type, [headers.occurredAt]: event.occurredAt },
        Buffer.from(
          JSON.stringify({ id: `${slice.name}:${contactId}:${next}`, type, contactId, version: next, cause, ...views, ...fields }),
        ),
        tells.state.name,
        Buffer.from(JSON.stringify({ contactId, version: next, [slice.name]: views.after })),
      ],
    );
  }
}

/** Who holds the head now; somebody new where nobody does. */
async function holderOf(client: pg.PoolClient, carried: Carried, at: number): Promise<string> {
  const { rows } = await run<{ contact_id: string }>(
    client,
    'bench.holder',
    `select contact_id from identifier_period where scope = $1 and identifier = $2 and "from" <= to_timestamp($3) order by "from" desc limit 1`,
    [DEFAULT_SCOPE, carried[0], at],
  );
  const [known] = rows;
  if (known !== undefined) {
    await run(
      client,
      'bench.touch-links',
      'update directory_link set last = greatest(last, to_timestamp($4)) where scope = $1 and identifier = any($2) and head = $3',
      [DEFAULT_SCOPE, carried, carried[0], at],
    );
    return known.contact_id;
  }
  const contactId = randomUUID();
  await run(
    client,
    'bench.contact',
    'insert into contact (contact_id, scope, pin_identifier, pin_at, version) values ($1, $2, $3, to_timestamp($4), 1)',
    [contactId, DEFAULT_SCOPE, carried[0], at],
  );
  for (const identifier of carried) {
    await run(
      client,
      'bench.period',
      `insert into identifier_period (scope, identifier, "from", "to", contact_id, number, number_from)
       values ($1, $2, '-infinity', 'infinity', $3, $4, '-infinity')`,
      [DEFAULT_SCOPE, identifier, contactId, carried[0]],
    );
  }
  return contactId;
}

async function locked(client: pg.PoolClient, slice: string, contactId: string, empty: unknown) {
  const text =
    slice === 'contact'
      ? "select s.state || jsonb_build_object('blocks', s.business_blocks) as state, c.version from contact_state s join contact c using (contact_id) where contact_id = $1 for update"
      : `select state, version from ${slice}_state where contact_id = $1 for update`;
  const { rows } = await run<{ state: unknown; version: number }>(client, `bench.load-${slice}`, text, [contactId]);
  if (rows[0] !== undefined) return rows[0];
  await run(client, `bench.create-${slice}`, `insert into ${slice}_state (contact_id, state) values ($1, $2)`, [
    contactId,
    JSON.stringify(empty),
  ]);
  return { state: empty, version: slice === 'contact' ? 1 : 0 };
}

async function moveOffset(client: pg.PoolClient, group: string, partition: number, offset: bigint): Promise<void> {
  const { rowCount } = await run(
    client,
    'bench.offset',
    `insert into consumer_offset as o (group_id, topic, partition, next_offset, caught_up_at) values ($1, $2, $3, $4, now())
     on conflict (group_id, topic, partition) do update set next_offset = excluded.next_offset, caught_up_at = now()
     where o.next_offset <= excluded.next_offset - 1`,
    [group, inbound.name, partition, offset + 1n],
  );
  if (rowCount !== 1) throw new Error('the offset was moved by somebody else');
}
