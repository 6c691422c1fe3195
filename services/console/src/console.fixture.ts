import {
  type AcknowledgementJson,
  type ApiKeyCreatedJson,
  type ApiKeyJson,
  type BlockedContactJson,
  type BusinessBlockHistory,
  type ContactJson,
  consentEvents,
  consentState,
  contactEvents,
  contactState,
  type DeadLetterDecidedJson,
  type DeadLetterDetailJson,
  type DeadLetterJson,
  type ExposedMessage,
  type ExposureJson,
  type IdentityChangeJson,
  type InboundEvent,
  identityEvents,
  identityState,
  inbound,
  type MessageReceived,
  type NumberChanged,
  type Problem,
  type StatusReported,
  type TimelineEntryJson,
  type Topic,
} from '@keyturn/contracts';
import { consentSlice, contactSlice, identitySlice } from '@keyturn/domain';
import {
  applyBatch,
  type ConsumerDefinition,
  consentRepository,
  contactRepository,
  type Database,
  identityRepository,
  migrate,
  openDatabase,
  stopRule,
} from '@keyturn/store';
import { migratedDatabase, runLogEnv } from '@keyturn/testkit';
import { wrongWithAnswer } from '@keyturn/testkit/check-answer';
import { v7 } from 'uuid';
import { start } from './start.ts';

Object.assign(process.env, runLogEnv('console'));
/** The bootstrap key of these tests. */
export const ADMIN_KEY = 'a-bootstrap-key-for-tests-only';
/** Whatever the routes answer; a test looks at what its route has. */
type Body = Omit<Problem, 'reason'> &
  ContactJson &
  Pick<BusinessBlockHistory, 'businessBlock' | 'mirrored'> &
  AcknowledgementJson &
  ApiKeyCreatedJson &
  DeadLetterDetailJson &
  Omit<DeadLetterDecidedJson, 'nextCursor'> &
  Omit<ExposureJson, 'items'> & {
    items: (ContactJson & BlockedContactJson & IdentityChangeJson & TimelineEntryJson & ApiKeyJson & DeadLetterJson & ExposedMessage)[];
    nextCursor: string | null;
    reason: string;
  };
type Answer = { readonly status: number; readonly body: Body; readonly headers: Headers };
type Said = { readonly at: number; readonly waId?: string; readonly bsuid?: string; readonly on?: string; readonly waba?: string };

/** A record as far as a consumer looks at it. */
type Told = { value: Buffer; headers: Record<string, string> };

let spoken = 0;
const envelope = ({ at, on = 'P1', waba = 'waba', ...ids }: Said) => ({
  ...ids,
  id: `event-${spoken++}`,
  wabaId: waba,
  phoneNumberId: on,
  occurredAt: new Date(at * 1000).toISOString(),
  receivedAt: new Date(at * 1000).toISOString(),
  source: { webhookId: 'webhook', path: '/entry/0' },
});
/** A message of a person, by default to P1. */
export const message = ({ hash, name, ...said }: Said & { hash?: string; name?: string }): MessageReceived => ({
  ...envelope(said),
  type: 'message.received',
  wamid: `wamid-${spoken}`,
  messageType: 'text',
  ...(hash === undefined ? {} : { identityKeyHash: hash }),
  ...(name === undefined ? {} : { profileName: name }),
});
/** What became of a message of ours. */
export const reached = (
  said: Said & Pick<StatusReported, 'wamid' | 'status'> & { category?: string; codes?: number[] },
): StatusReported => {
  const { wamid, status, category, codes, ...rest } = said;
  return {
    ...{ ...envelope(rest), type: 'status.reported', subject: 'delivery', wamid, status },
    ...(category === undefined ? {} : { pricingCategory: category }),
    ...(codes === undefined ? {} : { errorCodes: codes }),
  };
};
/** A report that a person has another number. */
export const changedNumber = (at: number, previous: string, current: string): NumberChanged => ({
  ...envelope({ at, waId: previous }),
  type: 'number.changed',
  variant: 'user_changed_number',
  previous: { waId: previous },
  current: { waId: current },
});

const consumers = [
  {
    ...{ group: 'contact', slice: contactSlice, repository: contactRepository, tells: { events: contactEvents, state: contactState } },
    recordsOutbound: true,
  },
  { group: 'identity', slice: identitySlice, repository: identityRepository, tells: { events: identityEvents, state: identityState } },
  { group: 'consent', slice: consentSlice, repository: consentRepository, tells: { events: consentEvents, state: consentState } },
] as const;

/** A console on a database of its own, into which events come as the consumers bring them. */
export type World = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly pool: Database['pool'];
  /** All three consumers apply these, and then what the directory told. */
  says(...events: InboundEvent[]): Promise<void>;
  /** The consumers apply what the directory told since they last did. */
  follow(): Promise<void>;
  call(method: string, path: string, body?: unknown, key?: string | null): Promise<Answer>;
  /** The database refuses whatever has this hash, as a fault of ours would: identity dead-letters it. `mend` ends that. */
  poison(hash: string): Promise<{ mend(): Promise<void> }>;
  /** Who holds a number now, or then. */
  find(waId: string, at?: string): Promise<ContactJson>;
  /** Ends its own console, for others on the same database to go on. */
  leave(): Promise<void>;
  stop(): Promise<void>;
};

/** Brings a world up; its console has these variables too. */
export async function consoleWorld(more: NodeJS.ProcessEnv = {}): Promise<World> {
  const { url: databaseUrl, drop } = await migratedDatabase();
  const database = openDatabase({ DATABASE_URL: databaseUrl, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 8 }, 'test');
  await migrate(database, new Date());
  const service = await start({ DATABASE_URL: databaseUrl, CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: ADMIN_KEY, ...more });
  const url = service.url as string;
  const { pool } = database;
  let isOver = false;
  const leave = async () => {
    if (!isOver) await service.stop();
    isOver = true;
  };
  const apply = feeder(database);
  let told = 0n;
  const follow = async () => {
    const { rows } = await pool.query<Told & { position: string }>(
      `select position, value, headers from outbox where topic = $1 and position > $2 order by position`,
      [contactEvents.name, told],
    );
    told = BigInt(rows.at(-1)?.position ?? told);
    await apply(contactEvents, rows);
  };
  const call: World['call'] = async (method, path, body, key = ADMIN_KEY) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const wrong = wrongWithAnswer(method, path, { status: response.status, contentType: response.headers.get('content-type'), text });
    if (wrong.length > 0) throw new Error(`an answer is not what openapi.json says:\n${wrong.join('\n')}`);
    return { status: response.status, body: JSON.parse(text.startsWith('{') ? text : '{}'), headers: response.headers };
  };
  return {
    ...{ url, databaseUrl, pool, follow, call },
    async says(...events) {
      await apply(
        inbound,
        events.map((event) => ({ value: Buffer.from(JSON.stringify(event)), headers: { 'event-type': event.type } })),
      );
      await follow();
    },
    async poison(hash) {
      await pool.query(`alter table identity_state add constraint poison check (state::text not like '%${hash}%') not valid`);
      return { mend: async () => void (await pool.query('alter table identity_state drop constraint poison')) };
    },
    find: async (waId, at) => (await call('POST', '/v1/contacts/search', { waId, ...(at ? { at } : {}) })).body.items[0] as ContactJson,
    leave,
    async stop() {
      await leave();
      await database.close();
      await drop();
    },
  };
}

/** Holds a contact's row of a slice until released, so that a test decides who comes next: whoever waits first. */
export async function holdSlice(
  { pool }: World,
  contactId: string,
  slice: 'identity' | 'consent' = 'identity',
): Promise<{ waiting(count: number): Promise<void>; release(): Promise<void> }> {
  const client = await pool.connect();
  await client.query('begin');
  await client.query(`select 1 from ${slice}_state where contact_id = $1 for update`, [contactId]);
  return {
    async waiting(count) {
      for (let waiters = 0; waiters < count; ) {
        const { rows } = await pool.query<{ waiters: number }>(
          `select count(*)::int as waiters from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        waiters = rows[0]?.waiters ?? 0;
      }
    },
    async release() {
      await client.query('rollback');
      client.release();
    },
  };
}

/** Applies records through the consumers' own transaction, as one partition of each topic. */
function feeder({ pool }: Database): (topic: Topic, values: readonly Told[]) => Promise<void> {
  const offsets = new Map<string, bigint>();
  const shells = new Map(
    consumers.map(({ group }) => [group, { pool, now: () => new Date(), newContactId: v7, stopRule: stopRule(group) }]),
  );
  return async (topic, values) => {
    if (values.length === 0) return;
    for (const consumer of consumers) {
      const key = `${consumer.group} ${topic.name}`;
      const from = offsets.get(key) ?? null;
      const records = values.map((value, i) => ({ ...value, offset: (from ?? 0n) + BigInt(i), key: null, timestamp: 0 }));
      const to = (from ?? 0n) + BigInt(values.length);
      const definition = { ...consumer, topics: [topic], facets: [] } as unknown as ConsumerDefinition<unknown, unknown, { type: string }>;
      const shell = shells.get(consumer.group);
      if (shell) await applyBatch(shell, definition, { topic, partition: 0, records, from, to, caughtUpAt: new Date(), attempt: 1 });
      offsets.set(key, to);
    }
  };
}
